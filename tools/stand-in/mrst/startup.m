function startup()
  % Put the stand-in's functions on the path. As MRST's own startup does, it keeps its settings beside itself and stops
  % where it cannot write: what runs it has to give it a writable view.
  root = fileparts(mfilename('fullpath'));
  addpath(genpath(fullfile(root, 'core')));
  for folder = {fullfile(ROOTDIR(), 'output'), fullfile(ROOTDIR(), 'examples', 'data')}
    if ~isfolder(folder{1})
      [ok, message, id] = mkdir(folder{1});
      if ~ok
        error(id, 'Failed to create directory ''%s'': %s', folder{1}, message);
      end
    end
  end
  settings = struct('outputDirectory', fullfile(ROOTDIR(), 'output'));
  save(fullfile(ROOTDIR(), 'settings_octave.mat'), 'settings');
  disp('Weft''s stand-in for MRST: a few of its functions, not the toolbox.');
end
