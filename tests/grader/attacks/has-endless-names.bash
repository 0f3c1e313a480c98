# attack: hands in an archive of 900 bytes with 300 names of 60,000 letters each
# row: C11
# would show: minutes in which the class waits
# unconfined: stopped: at intake
# defence: limits on the list of names, and on each name
perl -e '
  sub header {
    my ($name, $type, $size) = @_;
    my $h = pack "a100 a8 a8 a8 a12 a12 A8 a1 a100 a8 a247", $name, "0000644", "0000000", "0000000",
      sprintf("%011o", $size), "00000000000", "", $type, "", "ustar\00000", "";
    substr($h, 148, 8) = sprintf "%06o\0 ", unpack "%32C*", $h;
    return $h;
  }
  my $names = "60011 path=" . "a" x 59999 . "\n";
  print header("g", "g", length $names), $names, "\0" x (-length($names) % 512), header("x", "0", 0) x 300, "\0" x 1024;
' | gzip -n >"$ARCHIVE"
