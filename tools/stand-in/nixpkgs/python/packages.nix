# The Python packages of one interpreter: the same files for every version, unless they hold extension modules.
{
  lib,
  deb,
  tree,
  package,
  version,
}:
let
  before311 = builtins.compareVersions version "3.11" < 0;
  numpyDeb = {
    "3.9" = "bullseye/python3-numpy";
    "3.11" = "python3-numpy";
  };
  numpyLibraries =
    let
      folder = "${
        tree "numpy-libraries" (
          map deb [
            "libblas3"
            "liblapack3"
            "libgfortran5"
            "libquadmath0"
          ]
        )
      }/usr/lib/x86_64-linux-gnu";
    in
    [
      folder
      "${folder}/blas"
      "${folder}/lapack"
    ];
  make =
    pname: debName: propagated:
    package {
      inherit pname propagated;
      deb = deb debName;
    };
in
rec {
  attrs = make "attrs" "python3-attr" [ ];
  iniconfig = make "iniconfig" "python3-iniconfig" [ ];
  packaging = make "packaging" "python3-packaging" [ ];
  pluggy = make "pluggy" "python3-pluggy" [ ];
  tomli = make "tomli" "python3-tomli" [ ];
  exceptiongroup = make "exceptiongroup" "python3-exceptiongroup" [ ];
  pytest = make "pytest" "python3-pytest" (
    [
      attrs
      iniconfig
      packaging
      pluggy
    ]
    ++ lib.optional before311 tomli
    ++ lib.optional before311 exceptiongroup
  );

  coverage = make "coverage" "python3-coverage" (lib.optional before311 tomli);
  pytest-cov = make "pytest-cov" "python3-pytest-cov" [
    pytest
    coverage
  ];

  py = make "py" "python3-py" [ ];
  py-cpuinfo = make "py-cpuinfo" "python3-cpuinfo" [ ];
  pytest-benchmark = make "pytest-benchmark" "python3-pytest-benchmark" [
    pytest
    py
    py-cpuinfo
  ];

  pyyaml = package {
    pname = "pyyaml";
    deb = deb "python3-yaml";
    libraries = [ "${tree "libyaml" [ (deb "libyaml-0-2") ]}/usr/lib/x86_64-linux-gnu" ];
  };
  six = make "six" "python3-six" [ ];
  setuptools = make "setuptools" "python3-pkg-resources" [ ];
  pbr = make "pbr" "python3-pbr" [ setuptools ];
  stevedore = make "stevedore" "python3-stevedore" [ pbr ];
  smmap = make "smmap" "python3-smmap" [ ];
  gitdb = make "gitdb" "python3-gitdb" [ smmap ];
  gitpython = make "gitpython" "python3-git" [ gitdb ];
  bandit = make "bandit" "python3-bandit" [
    gitpython
    pyyaml
    six
    stevedore
  ];

  numpy =
    if numpyDeb ? ${version} then
      package {
        pname = "numpy";
        deb = deb numpyDeb.${version};
        libraries = numpyLibraries;
      }
    else
      throw "stand-in nixpkgs: no numpy for Python ${version}; there is one for ${builtins.concatStringsSep " and " (builtins.attrNames numpyDeb)}";
}
