collect_ignore_glob = ["*/attic/*"]
