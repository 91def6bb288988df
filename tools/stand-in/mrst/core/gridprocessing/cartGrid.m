function G = cartGrid(celldim, physdim)
  % A Cartesian grid of celldim = [nx, ny] or [nx, ny, nz] cells over a box of size physdim (default: unit cells).
  % Faces are numbered direction by direction, normals along the axes; a cell's faces are tagged W E S N (T B) = 1…6.
  if nargin < 2
    physdim = celldim;
  end
  d = numel(celldim);
  if ~any(d == [2, 3]) || numel(physdim) ~= d
    error('mrstStandIn:dimension', 'The MRST stand-in has grids in two and three dimensions only');
  end
  n = [celldim(:)', ones(1, 3 - d)];
  axisNodes = arrayfun(@(k) linspace(0, physdim(k), celldim(k) + 1)', 1:d, 'UniformOutput', false);
  coords = cell(1, d);
  [coords{:}] = ndgrid(axisNodes{:});
  coords = cellfun(@(c) c(:), coords, 'UniformOutput', false);

  G.nodes = struct('num', prod(celldim + 1), 'coords', [coords{:}]);
  nodeShape = [celldim(:)' + 1, ones(1, 3 - d)];
  cells = reshape(1:prod(n), n);
  neighbors = zeros(0, 2);
  nodes = zeros(0, 2 ^ (d - 1));
  cellFaces = zeros(prod(n), 2 * d);
  for k = 1:d
    shape = n;
    shape(k) = n(k) + 1;
    faces = reshape(1:prod(shape), shape);
    low = zeros(shape);
    high = zeros(shape);
    first = subs(n, k, 1:n(k));
    last = subs(shape, k, 2:shape(k));
    high(first{:}) = cells;
    low(last{:}) = cells;
    offset = size(neighbors, 1);
    cellFaces(:, 2 * k - 1) = offset + reshape(faces(first{:}), [], 1);
    cellFaces(:, 2 * k) = offset + reshape(faces(last{:}), [], 1);
    neighbors = [neighbors; low(:), high(:)];
    nodes = [nodes; faceNodes(shape, nodeShape, k, d)];
  end

  G.faces.num = size(neighbors, 1);
  G.faces.neighbors = neighbors;
  G.faces.nodePos = (1:size(nodes, 2):numel(nodes) + 1)';
  G.faces.nodes = reshape(nodes', [], 1);
  tags = repmat(1:2 * d, prod(n), 1);
  G.cells.num = prod(n);
  G.cells.facePos = (1:2 * d:numel(cellFaces) + 1)';
  G.cells.faces = [reshape(cellFaces', [], 1), reshape(tags', [], 1)];
  G.cells.indexMap = (1:prod(n))';
  G.cartDims = celldim(:)';
  G.griddim = d;
  G.type = {'cartGrid'};
end

function s = subs(shape, k, range)
  s = arrayfun(@(m) 1:m, shape, 'UniformOutput', false);
  s{k} = range;
end

function nodes = faceNodes(shape, nodeShape, k, d)
  % The nodes of every face across axis k, in such an order that the normal points along the axis.
  [i, j, l] = ndgrid(1:shape(1), 1:shape(2), 1:shape(3));
  at = @(step) sub2ind(nodeShape, i(:) + step(1), j(:) + step(2), l(:) + step(3));
  if d == 2
    other = eye(3)(3 - k, :);
    nodes = [at([0, 0, 0]), at(other)];
    if k == 2
      nodes = fliplr(nodes);
    end
  else
    one = eye(3)(mod(k, 3) + 1, :);
    two = eye(3)(mod(k + 1, 3) + 1, :);
    nodes = [at([0, 0, 0]), at(one), at(one + two), at(two)];
  end
end
