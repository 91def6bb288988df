# The test types, in the order in which Weft runs and reports them.
[
  "unit"
  "integration"
  "performance"
  "security"
  "compatibility"
]
