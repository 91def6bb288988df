raise ImportError('the package comes first')
