"""The presets that come with convgif; a package, so that they lie inside the installed one (see setup.cfg)."""
