function root = ROOTDIR()
  % The folder core/, with a separator at its end. mfilename resolves links: a writable view needs a copy of this file.
  root = [fileparts(fileparts(mfilename('fullpath'))), filesep()];
end
