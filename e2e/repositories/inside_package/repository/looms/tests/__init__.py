PATTERN = "abba"
