"""What goes wrong around a figure: numbers, files, disks, threads and settings; one file for each."""
