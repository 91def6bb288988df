function varargout = mrstModule(varargin)
  % mrstModule add NAME…: put modules on the path. mrstModule(): the modules so far. The stand-in has one: incomp.
  persistent active
  if isempty(active)
    active = {};
  end
  if nargin == 0
    varargout{1} = active;
    return
  end
  if ~strcmp(varargin{1}, 'add')
    error('mrstStandIn:command', 'The MRST stand-in knows mrstModule add NAME…, not ''%s''', varargin{1});
  end
  for name = varargin(2:end)
    folder = fullfile(fileparts(fileparts(ROOTDIR())), 'solvers', name{1});
    if ~isfolder(folder)
      error('mrstStandIn:module', 'The MRST stand-in has no module ''%s'', only incomp', name{1});
    end
    addpath(folder);
    active = unique([active, name]);
  end
end
