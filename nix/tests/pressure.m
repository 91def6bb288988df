% The linear pressure between two ends, by MRST's functions: run where MRST's startup may write.
run(fullfile(getenv('MRST'), 'startup.m'));
mrstModule add incomp
G = computeGeometry(cartGrid([10, 1, 1], [100, 10, 10] * meter));
rock = makeRock(G, 100 * milli * darcy, 0.2);
fluid = initSingleFluid('mu', 1 * centi * poise, 'rho', 1000 * kilogram / meter ^ 3);
bc = pside(pside([], G, 'West', 2 * barsa), G, 'East', 1 * barsa);
state = incompTPFA(initResSol(G, 0), G, computeTrans(G, rock), fluid, 'bc', bc);
assert(convertTo(state.pressure, barsa), 2 - G.cells.centroids(:, 1) / 100, 1e-12);
assert(G.cells.volumes, 1000 * ones(10, 1), 1e-9);
disp('the pressure is 2 - x/100');
