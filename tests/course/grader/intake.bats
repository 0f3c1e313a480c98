#!/usr/bin/env bats
# The intake of make grade: which archives and folders are read, which files of them are
# taken, what is told of the others, and whose they are (grader.bash).
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # names that look like code; each test sets its own LAB
load grader

@test "every form is taken: folder, labs/, bare files, zip, tar.gz, in one folder" {
  student folder "mark: 85"
  student labs "mark: 85" labs/03-listen/listen.c
  student bare "mark: 85" listen.c
  student 'in one/My Work' "mark: 85" labs/03-listen/listen.c
  (cd "$class/folder" && zip -qr "$class/z1.zip" . && tar czf "$class/t1.tar.gz" .)
  (cd "$class/bare" && zip -q "$class/z2.zip" listen.c && tar czf "$class/t2.tgz" listen.c)
  (cd "$class/in one" && zip -qr "$class/z3.zip" . && tar czf "$class/t3.tar.gz" 'My Work')
  graded 0
  for name in folder labs bare 'in one' z1 z2 z3 t1 t2 t3; do
    is "$name" "$name,8.5,8.5" "$(row "$name")"
  done
}

@test "links, pipes and folders under a program's name are not taken" {
  echo 'mark: 100' >"$top/secret"
  student link "" x && ln -s "$top/secret" "$class/link/listen.c"
  mkdir "$class/far" && ln -s "$top" "$class/far/03-listen" && cp "$top/secret" "$top/listen.c"
  mkdir "$class/pipe" && mkfifo "$class/pipe/listen.c"
  mkdir -p "$class/folder/listen.c"
  student big "mark: 100" && head -c 300000 /dev/zero >>"$class/big/03-listen/listen.c"
  (cd "$class/link" && zip -qry "$class/zipped.zip" . && tar czf "$class/tarred.tar.gz" .)
  graded 1
  for name in link far pipe big zipped tarred; do
    is "$name" "$name,0.0,0.0" "$(row "$name")"
  done
  is folder "folder,," "$(row folder)"
  says "link: listen.c was not taken: it is a link" \
    "far: 03-listen/listen.c was not taken: it is a link" \
    "pipe: listen.c was not taken: it is not a regular file" \
    "big: 03-listen/listen.c was not taken: it is larger than" \
    "zipped: listen.c was not taken: it is not a regular file" \
    "tarred: listen.c was not taken: it is not a regular file"
  is notes "listen.c was not taken: it is a link" "$(jq -r '.notes[1]' "$OUT/link/result.json")"
}

@test "names that lead outside, that are no files, or hold control characters are left out, and counted" {
  student folder "mark: 100"
  ln -s /etc "$class/folder/way"
  mkfifo "$class/folder/pipe"
  cp "$class/folder/03-listen/listen.c" "$class/folder/"$'\e[2Jx.c'
  (cd "$class/folder" && rm pipe && zip -qry "$class/zipped.zip" . && mkfifo pipe)
  tar -czPf "$class/tarred.tar.gz" -C "$class/folder" . /etc/hostname
  graded 0
  for name in folder zipped tarred; do is "$name" "$name,10.0,10.0" "$(row "$name")"; done
  is folder "2 of its names are links, pipes or devices and were left out
1 of its names hold control characters and were left out" "$(jq -r '.notes[]' "$OUT/folder/result.json")"
  is zipped "1 of its names are links, pipes or devices and were left out
1 of its names hold control characters and were left out" "$(jq -r '.notes[]' "$OUT/zipped/result.json")"
  is tarred "1 of its names begin with / or hold .. and were left out
2 of its names are links, pipes or devices and were left out
1 of its names hold control characters and were left out" "$(jq -r '.notes[]' "$OUT/tarred/result.json")"
}

@test "a submission that is itself a link is not taken" {
  student real "mark: 100"
  mv "$class/real" "$top/elsewhere"
  ln -s "$top/elsewhere" "$class/real"
  graded 1
  says "real: could not be taken: it is a link"
}

@test "an archive writes nothing outside, whatever its names" {
  mkdir -p "$top/a/b" && cd "$top/a/b"
  echo '/* mark: 100 */' | tee listen.c ../listen.c "$top/absolute.c" >/dev/null
  tar -czPf "$class/dots.tar.gz" ../listen.c "$top/absolute.c"
  tar -czPf "$class/mixed.tar.gz" listen.c ../listen.c
  ln -s "$top" way && tar -cf "$top/x.tar" way && rm way && mkdir way && echo x >way/PWNED &&
    tar -rf "$top/x.tar" way/PWNED listen.c && gzip <"$top/x.tar" >"$class/through.tar.gz"
  zip -q "$class/dots.zip.x" ../listen.c && mv "$class/dots.zip.x"* "$class/zdots.zip"
  mkdir 03-listen && ln listen.c 03-listen/listen.c &&
    tar -czf "$class/hard.tar.gz" listen.c 03-listen
  cd "$copy" || return
  graded 1
  is "nothing outside" '' "$(find "$top" -name PWNED -not -path "$top/a/*")"
  is dots "dots,," "$(row dots)"
  says "dots: 2 of its names begin with / or hold .. and were left out" \
    "dots: could not be taken: what it holds was left out" \
    "mixed: 1 of its names" "hard: listen.c was left out: 03-listen/listen.c was taken"
  is mixed "mixed,10.0,10.0" "$(row mixed)"
  is through "through,10.0,10.0" "$(row through)"
  is hard "hard,10.0,10.0" "$(row hard)"
  is "work folder" '' "$(find "$OUT" -name '.work*')"
}

@test "an archive that cannot be taken is one line, no zero, and exit 1" {
  student good "mark: 100"
  cd "$top" || return
  echo rubbish >"$class/rubbish.zip"
  echo rubbish >"$class/rubbish2.tar.gz"
  cp "$class/good/03-listen/listen.c" . && head -c 90000 /dev/urandom >noise
  tar czf - noise listen.c | head -c 50000 >"$class/cut.tar.gz"
  zip -q cut.zip noise listen.c && head -c 50000 cut.zip >"$class/cutzip.zip"
  zip -q -P secret "$class/locked.zip" listen.c
  head -c 70000000 /dev/zero >listen.c
  tar czf "$class/bomb.tar.gz" listen.c
  zip -q "$class/bombzip.zip" listen.c && rm listen.c
  mkdir many && (cd many && seq -f 'n%.0f' 10001 | xargs touch)
  tar czf "$class/many.tar.gz" many
  zip -qr "$class/manyzip.zip" many
  head -c 17000000 /dev/urandom >"$class/huge.zip"
  mkfifo "$class/pipe.zip"
  cd "$copy" || return
  graded 1
  for name in rubbish rubbish2 cut cutzip locked bomb bombzip many manyzip huge pipe; do
    is "$name" "$name,," "$(row "$name")"
    is "$name lines" 2 "$(grep -c "$name: could not be taken: " <<<"$output")"
    is "$name result" '[null,"missing",null]' \
      "$(jq -c '[.score, .labs[0].verdict, .labs[0].score]' "$OUT/$name/result.json")"
  done
  is good "good,10.0,10.0" "$(row good)"
  says "bomb: could not be taken: it unpacks to more than 64 MiB" \
    "many: could not be taken: it holds more than 10000 names" "Not judged"
}

@test "an archive member of more bytes than it claims is damaged" {
  cd "$top" || return
  head -c 300000 /dev/zero >listen.c
  zip -q "$class/liar.zip" listen.c
  # The size that the central directory claims (at +24 of its entry): 100.
  at=$(LC_ALL=C grep -abo $'PK\x01\x02' "$class/liar.zip" | cut -d : -f 1)
  printf '\144\0\0\0' | dd of="$class/liar.zip" bs=1 seek=$((at + 24)) conv=notrunc status=none
  cd "$copy" || return
  graded 1
  is liar "liar,," "$(row liar)"
}

@test "one student's two submissions are not chosen between" {
  student anna "mark: 100"
  (cd "$class/anna" && zip -qr "$class/anna.zip" .)
  student bob "mark: 100"
  graded 1
  is anna "anna,," "$(row anna)"
  is bob "bob,10.0,10.0" "$(row bob)"
  says "anna: could not be taken: handed in more than once: anna, anna.zip"
}

@test "ROSTER lists who handed in nothing, and gives them a row of empty marks" {
  student anna "mark: 60" && student stray "mark: 10"
  printf '\xef\xbb\xbfanna\r\n\n# those of the evening\n  zoë x \r\n=1+1\nanna' >"$top/roster"
  ROSTER=$top/roster graded 0
  is gradebook "$(printf '%s\n' submission,03-listen,total "'=1+1,," anna,6.0,6.0 stray,1.0,1.0 'zoë x,,')" \
    "$(<"$OUT/gradebook.csv")"
  says $'nothing: no marks, and not a zero\n  =1+1\n  zoë x\n' $'Not on the roster, graded all the same\n  stray\n'
  graded 0
  is "without it" 2 "$(tail -n +2 "$OUT/gradebook.csv" | wc -l)"
  [[ $output != *roster* ]]
}

# zipped FILE NAME…: a zip with a right listen.c under these names, whose bytes are as
# they are given and are not said to be UTF-8.
zipped() {
  python3 - "$@" <<'END'
import os, sys, zipfile
class Raw(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):
        return self.raw, 0
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in sys.argv[2:]:
        member = Raw("x")
        member.raw, member.create_system = os.fsencode(name), 0
        archive.writestr(member, b"" if name.endswith("/") else b"/* mark: 100 */")
END
}

# all_taken: every submission has full marks.
all_taken() { is "not taken" '' "$(tail -n +2 "$OUT/gradebook.csv" | grep -v ',10.0,10.0$' || true)"; }

@test "an archive is read whatever its top folder is called" {
  n=0
  for folder in 'labs (2)' "Zoë's work" 'Lee, Ann' '_1' '-rf' '[a-z]*' '#?' '{a}' 'a & b' 'a;b' '~' $'Zoe\u0308' 'ラボ' \
    $'\xc1\xf5\xb5\xc4' $'\x95\x5c\xb5\xc4' 'a/b/c' 'labs/labs' '%41\x' ' x ' "$(printf 'long%.0s' {1..60})"; do
    zipped "$class/z$((++n)).zip" "$folder/" "$folder/03-listen/listen.c"
    mkdir -p "$top/$n/$folder/03-listen" && echo '/* mark: 100 */' >"$top/$n/$folder/03-listen/listen.c"
    tar -czf "$class/t$n.tar.gz" -C "$top/$n" .
  done
  zipped "$class/windows.zip" 'Ann\03-listen\listen.c' 'Ann\README.md'
  zipped "$class/both.zip" 'Ann/03-listen\listen.c'
  zipped "$class/dotted.zip" './Ann/./03-listen//listen.c'
  zipped "$class/macos.zip" labs/ labs/.DS_Store __MACOSX/labs/03-listen/._listen.c labs/03-listen/listen.c \
    __MACOSX/listen.c labs/.git/listen.c
  graded 0
  is "of them" 44 "$(find "$OUT" -name result.json | wc -l)"
  all_taken
}

@test "names in an archive run nothing, and stop nothing" {
  names=('@' '*' ']' 'x]y' '[' '$(touch PWNED)' '`touch PWNED`' 'a[$(touch PWNED)]' '-n' '--' '\\x' "'" '"' ' ' '%s' '1+1' 'x -> y' 'x link to y')
  zipped "$class/zip.zip" "${names[@]/%//listen.c}" "${names[@]}" 03-listen/listen.c
  mkdir "$top/in" && cd "$top/in"
  mkdir 03-listen && echo '/* mark: 100 */' >03-listen/listen.c
  for name in "${names[@]}"; do mkdir "./$name" && echo x >"./$name/listen.c" && echo x >"./$name/$name"; done
  ln 03-listen/listen.c 'a link to b' && ln -s x 'c -> d'
  tar -czf "$class/tar.tar.gz" .
  # A hard link to nothing.
  perl -e 'my $h = pack "a100 a8 a8 a8 a12 a12 A8 a1 a100 a8 a247", "x/listen.c", ("0000644") x 3, ("00000000000") x 2, "", "1", "", "ustar\00000", "";
    substr($h, 148, 8) = sprintf "%06o\0 ", unpack "%32C*", $h; print $h, "\0" x 1024' >"$class/empty-link.tar"
  cd "$copy"
  graded 1
  is "nothing run" '' "$(find "$top" -name 'PWNED*')"
  is zip "zip,10.0,10.0" "$(row zip)"
  is tar "tar,10.0,10.0" "$(row tar)"
  is empty-link empty-link,, "$(row empty-link)"
}

@test "an archive of any kind is known by its content, whatever it is called" {
  mkdir -p "$top/in/03-listen" && cd "$top/in"
  echo '/* mark: 100 */' >03-listen/listen.c
  for ending in zip ZIP tar tar.gz tgz tar.xz tar.bz2 tar.zst 7z; do
    mkdir -p "$top/$ending" && bsdtar -caf "$top/$ending/x.${ending,,}" 03-listen
    cp "$top/$ending/x.${ending,,}" "$class/a-$ending.$ending"
  done
  cp "$top/tar.gz/x.tar.gz" "$class/gz-as-zip.zip"
  cp "$top/7z/x.7z" "$class/7z-as-rar.rar"
  cp "$top/zip/x.zip" "$class/zip-as-tgz.Tar.Gz"
  cp "$top/zip/x.zip" "$class/no-ending"
  cp "$top/tar/x.tar" "$class/no-ending-tar"
  cp "$top/tar.xz/x.tar.xz" "$class/other.ending"
  { printf 'MZ%09000d' 0 && cat "$top/zip/x.zip"; } >"$class/by-itself.exe"
  { cat "$top/zip/x.zip" && head -c 9000 /dev/zero; } >"$class/padded.zip"
  gzip <"$top/tar.gz/x.tar.gz" >"$class/twice.tar.gz"
  python3 -c 'if True:
    import sys, zipfile
    for name, method in (("bzip2", 12), ("lzma", 14), ("stored", 0)):
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}.zip", "w", method) as archive:
            archive.comment = b"PK\5\6" * 100
            with archive.open("03-listen/listen.c", "w", force_zip64=True) as member:
                member.write(b"/* mark: 100 */")' "$class"
  tar -czf "$class/mode.tgz" --mode=000 03-listen
  ln 03-listen/listen.c another && tar -czf "$class/hard.tgz" another 03-listen/listen.c && rm another
  tar -czf "$class/pax.tgz" --format=pax --transform "s,^,$(printf 'long%.0s' {1..60})/$(printf 'é%.0s' {1..60})/," 03-listen
  tar -czf "$class/gnu.tgz" --format=gnu --transform "s,^,$(printf 'long%.0s' {1..60})/$(printf 'é%.0s' {1..60})/," 03-listen
  truncate -s 100K 03-listen/listen.c && tar -czf "$class/sparse.tgz" -S 03-listen
  echo 'int x;' >"$top/x.c" && (cd "$top" && bsdtar -caf "$class/document.docx" --format=zip tar.gz)
  echo text >"$class/notes.txt"
  printf 'MZ' >"$class/program.exe"
  cd "$copy"
  graded 1
  is "of them" 27 "$(find "$OUT" -name result.json | wc -l)"
  is program program.exe,, "$(row program.exe)"
  says "Not a submission: document.docx" "Not a submission: notes.txt"
  sed -i '/^program.exe,/d' "$OUT/gradebook.csv"
  all_taken
}

@test "what cannot be read is named with the reason, and its mark is empty" {
  cd "$top"
  echo '/* mark: 100 */' >listen.c
  printf 'Rar!\x1a\x07\x01\x00%064d' 0 >"$class/old.RAR"
  printf 'Rar!\x1a\x07\x01\x00%064d' 0 >"$class/without-ending"
  : >"$class/nothing.zip"
  zipped "$class/empty.zip"
  head -c 10240 /dev/zero >"$class/zeros.tar"
  zipped "$class/folders.zip" 03-listen/ labs/
  mkdir -p "$class/folder/03-listen"
  zip -qP secret "$class/locked.zip" listen.c
  zip -q inner.zip listen.c && zip -q "$class/nested.zip" inner.zip
  mkdir "$class/two" && cp inner.zip "$class/two/a.zip" && cp inner.zip "$class/two/b.zip"
  mkdir "$class/bad" && head -c 80 inner.zip >"$class/bad/labs.zip"
  zipped "$class/flagged.zip" $'\xc1\xf5/listen.c'
  LC_ALL=C sed -i -e 's/\(PK\x03\x04\(..\)\)\(.\)./\1\3\x08/' -e 's/\(PK\x01\x02....\)\(.\)./\1\2\x08/' "$class/flagged.zip"
  tar -czf twice.tar listen.c && tar -cf "$class/twice.tar" listen.c && tar -rf "$class/twice.tar" listen.c
  echo rubbish >"$class/listed.pdf"
  echo rubbish >"$class/unlisted.pdf"
  printf '%s\n' listed absent >roster
  cd "$copy"
  ROSTER=$top/roster graded 1
  for said in 'old: not an archive' 'without-ending: not an archive' 'nothing: it holds no file' 'empty: it holds no file' \
    'zeros: it holds no file' 'folders: it holds no file' 'folder: it holds no file' 'locked: it has a password' \
    'nested: it holds no source file of these labs, but an archive: inner.zip' 'two: it holds no source file of these labs, but 2 archives' \
    'bad: not an archive' 'flagged: what it holds was left out' 'twice: it holds listen.c twice' 'listed: not an archive'; do
    says "${said%%: *}: could not be taken: ${said#*: }"
    is "$said" "${said%%: *},," "$(row "${said%%: *}")"
  done
  says "Not a submission: unlisted.pdf" $'not a zero\n  absent\n'
  is rows 16 "$(wc -l <"$OUT/gradebook.csv")"
}

@test "a file that lies elsewhere is taken, of several the one in a known place, else nobody guesses" {
  student alone "mark: 100" 'Lab 3/listen.c'
  student deep "mark: 100" a/b/c/d/listen.c && echo x >"$class/deep/README"
  student cased "mark: 100" 03-Listen/Listen.C
  student known "mark: 100" me/labs/03-listen/listen.c && student known "mark: 0" me/old/listen.c && student known "" me/x/y
  student near "mark: 100" new/03-listen/listen.c && student near "mark: 0" backup/listen.c
  student alike "mark: 100" 'a/listen.c' && student alike "mark: 100" 'b/listen.c'
  student asked "mark: 100" 'a/listen.c' && student asked "mark: 90" 'b/listen.c'
  student asked "mark: 70" 01-socket/socket.c
  student hidden "mark: 100" labs/listen.c && student hidden "mark: 0" .git/listen.c && student hidden "mark: 0" __MACOSX/listen.c
  mkdir "$class/moodle" && (cd "$class/known" && zip -qr "$class/moodle/My work.zip" .)
  for name in alone deep cased known near alike asked hidden; do (cd "$class/$name" && zip -qr "$class/z-$name.zip" .); done
  graded 1
  for name in alone deep cased known near alike hidden; do
    is "$name" "$name,10.0,10.0" "$(row "$name")"
    is "$name" "z-$name,10.0,10.0" "$(row "z-$name")"
  done
  is moodle "moodle,10.0,10.0" "$(row moodle)"
  is asked "asked,," "$(row asked)"
  is z-asked "z-asked,," "$(row z-asked)"
  says "asked: 03-listen could not be taken: which listen.c is meant? There are 2: a/listen.c, b/listen.c" \
    "alone: Lab 3/listen.c was taken for 03-listen/listen.c" "moodle: what it holds is an archive, My work.zip"
  LAB=01,03 graded 1
  is "the other lab" "asked,7.0,," "$(row asked)"
}

@test "a folder that cannot be read is not a zero" {
  ((EUID)) || skip "root reads everything"
  student anna "mark: 100" && student bob "mark: 100"
  chmod 000 "$class/anna/03-listen" "$class/bob/03-listen/listen.c"
  graded 1
  chmod 755 "$class/anna/03-listen"
  is anna anna,, "$(row anna)"
  is bob bob,, "$(row bob)"
}

@test "names of students are compared in one form; two that are the same are one" {
  student $'Mu\u0308ller' "mark: 100"
  student 'Zoë' "mark: 100" && student $'Zoe\u0308' "mark: 90"
  mkdir "$class/__MACOSX"
  (cd "$class/Zoë" && zip -qr "$class/anna .ZIP" . && zip -qr "$class/Lê.Minh" .)
  printf '%s\n' $'M\u00fcller' $'Lê.Minh' 'anna' $'Zoe\u0308' 'Zoë' >"$top/roster"
  ROSTER=$top/roster graded 1
  is gradebook "$(printf '%s\n' submission,03-listen,total $'Lê.Minh,10.0,10.0' $'M\u00fcller,10.0,10.0' \
    'Zoë,,' anna,10.0,10.0 | LC_ALL=C sort)" "$(LC_ALL=C sort "$OUT/gradebook.csv")"
  says "Not a submission: __MACOSX" "Zoë: could not be taken: handed in more than once: "
  [[ $output != *"Not on the roster"* && $output != *"Handed in nothing"* ]]
}

@test "a roster that is not UTF-8 is refused with a word; blank lines, CR and a BOM are none" {
  student anna "mark: 100"
  for charset in LATIN1 UTF-16 UTF-16LE GB18030; do
    printf 'anna\nMüller\n' | iconv -f UTF-8 -t "$charset" >"$top/roster"
    ROSTER=$top/roster graded 2
    says "is not in UTF-8"
    is lines 1 "${#lines[@]}"
  done
  printf '\xef\xbb\xbfanna \r\r\n\t\r\n\n\rbob\ranna\r' >"$top/roster"
  ROSTER=$top/roster graded 0
  is gradebook $'submission,03-listen,total\nanna,10.0,10.0\nbob,,' "$(<"$OUT/gradebook.csv")"
}

@test "an archive that is a list of files names none of this machine" {
  echo '/* mark: 100 */' >"$top/secret"
  printf '#mtree\n./listen.c type=file mode=0644 contents=%s size=16\n' "$top/secret" | tee "$class/list.tar" | gzip >"$class/zipped.tar.gz"
  TAR_READER_OPTIONS=mtree:checkfs graded 1
  is list list,, "$(row list)"
  is zipped zipped,, "$(row zipped)"
}
