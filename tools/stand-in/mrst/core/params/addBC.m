function bc = addBC(bc, faces, type, values)
  % Boundary conditions for FACES: 'pressure' in pascals, or 'flux' into the domain in cubic metres per second.
  if ~any(strcmp(type, {'pressure', 'flux'}))
    error('mrstStandIn:bc', 'Unknown boundary condition ''%s'': known are pressure and flux', type);
  end
  if isempty(bc)
    bc = struct('face', [], 'type', {{}}, 'value', []);
  end
  faces = faces(:);
  bc.face = [bc.face; faces];
  bc.type = [bc.type, repmat({type}, 1, numel(faces))];
  bc.value = [bc.value; repmat(values(:), numel(faces) / numel(values), 1)];
end
