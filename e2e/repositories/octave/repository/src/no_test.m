function no_test ()
end
