function u = poise()
  % One poise in pascal seconds.
  u = 0.1;
end
