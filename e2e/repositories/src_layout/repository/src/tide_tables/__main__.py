from tide_tables.cli import main

raise SystemExit(main())
