function fluid = initSingleFluid(varargin)
  % One incompressible fluid: initSingleFluid('mu', viscosity, 'rho', density), both in SI units.
  opt = struct(varargin{:});
  fluid = struct('properties', @(varargin) properties(opt), ...
                 'saturation', @(state, varargin) state.s, ...
                 'relperm', @(s, varargin) s);
end

function varargout = properties(opt)
  values = {opt.mu, opt.rho};
  varargout = values(1:max(nargout, 1));
end
