function helper ()
end
