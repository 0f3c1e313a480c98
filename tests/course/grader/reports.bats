#!/usr/bin/env bats
# The reports on a class (tests/grader/report), of results that were never graded
# (reports/class): their numbers, what of a submission could break out, and how the
# pages are made. shellcheck's SC2016: texts that look like code.
# shellcheck disable=SC2016

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  command -v xmllint >/dev/null || skip "no xmllint here"
  top=$(mktemp -d)
  export OUT="$top/the marks"
  unset JOBS
}

teardown() { rm -rf "$top"; }

# made COUNT [LAB…]: a class, graded by nobody.
made() { "$root/tests/course/grader/reports/class" "$1" "$OUT" "${@:2}"; }
report() { "$root/tests/grader/report"; }

# is WHAT WANTED GOT: fails the test and shows both when they differ.
is() {
  [[ $2 == "$3" ]] && return
  printf '%s\nwanted: %s\ngot:    %s\n' "$1" "$2" "$3"
  return 1
}

# change STUDENT FILTER [OPTION…]: their result, changed by jq.
change() {
  jq -c "${@:3}" "$2" "$OUT/$1/result.json" >"$top/changed"
  mv "$top/changed" "$OUT/$1/result.json"
}

# count FILE XPATH: how many nodes of a page there are.
count() { xmllint --html --xpath "count($2)" "$1" 2>/dev/null; }

# text FILE XPATH: what stands there.
text() { xmllint --html --xpath "string($2)" "$1" 2>/dev/null; }

@test "every mark is the gradebook's, and every verdict is in each report" {
  made 10 01-socket 08-timeouts
  report
  sed -n '/<table class=marks>/,/<\/tbody>/s/^<tr><th scope=row>//p' "$OUT/index.html" |
    sed 's/<[^>]*>/,/g; s/,,*/,/g; s/^,//; s/,$//; s/–/0.0/g' >"$top/index"
  tail -n +2 "$OUT/gradebook.csv" |
    awk -F , -v OFS=, '{ for (i = 2; i <= NF; i++) if ($i == "") $i = "?"; print $1, $NF, $2, $3 }' >"$top/gradebook"
  diff "$top/gradebook" "$top/index"
  is "rows" 10 "$(wc -l <"$top/index")"
  is "columns" 2 "$(grep -c '?' "$top/index")"
  for result in "$OUT"/*/result.json; do
    at=${result%/*}
    xmllint --noout --schema "$root/tests/grader/reports/junit.xsd" "$at/junit.xml" 2>"$top/said" || is "$at" valid "$(<"$top/said")"
    read -r score max bad left < <(jq -r 'def p: "\(. / 10 | floor).\(. % 10)";
      [.labs[].tests[].verdict] as $v
      | [(.score // -10 | p), (.max | p), ($v | map(select(IN("pass", "not-run", "skip") | not)) | length),
         ($v | map(select(. == "not-run")) | length)] | @tsv' "$result")
    if [[ $score == -* ]]; then
      grep -q '^\*\*No mark yet' "$at/feedback.md"
      [[ $(text "$at/feedback.html" '//p[@class="mark"]') == "No mark yet"* ]]
      [[ $(xmllint --xpath 'string(/testsuites/@errors)' "$at/junit.xml") != 0 ]]
    else
      grep -qxF "**$score of $max points**" "$at/feedback.md"
      is "$at" "$score of $max points" "$(text "$at/feedback.html" '//p[@class="mark"]')"
      is "$at errors" 0 "$(xmllint --xpath 'string(/testsuites/@errors)' "$at/junit.xml")"
    fi
    is "$at, failed, of JUnit" "$bad $left" "$(xmllint --xpath 'concat(count(//failure), " ", count(//skipped))' "$at/junit.xml")"
    is "$at, failed, of Markdown" "$bad" "$(grep -cE '^### [A-Z]+ \(' "$at/feedback.md" || true)"
    is "$at, failed, of the page" "$bad" "$(count "$at/feedback.html" '//article')"
  done
}

@test "a student is told what make check tells" {
  made 1 03-listen
  change s001 '.labs[0].tests[] |=
    if .name | startswith("the kernel has exactly") then .verdict = "fail" | .earned = 0 | .expected = "a backlog of 0"
      | .got = "a backlog of 5\n 12 | int x;\n    |     ^" | .said = "listen: no" | .steps = ["it listens"] | .man = "listen(2)"
      | .picture = "  expect-backlog 0\n!  listen(3, 5) = 0"
    elif .name | startswith("a port on which") then .verdict = "not-run" | .earned = 0 | .got = "not run: needs \"X\""
    else . end'
  report
  jq '.labs[0]' "$OUT/s001/result.json" | jq -r --argjson width 90 --argjson brief false --arg bin .build/check/03-listen \
    --argjson sources '{"listen":"labs/03-listen/listen.c"}' --arg red '' --arg green '' --arg yellow '' --arg plain '' --arg shown '' --argjson early '[]' \
    -L "$root/tests/engine" -f "$root/tests/commands/show.jq" | sed -n '/^  FAIL/,/^$/p' >"$top/check"
  is "lines of check" 9 "$(grep -cE '^    ' "$top/check")"
  while IFS= read -r line; do
    case $line in
      '    hint'*) grep -qxF "${line:14}" "$OUT/s001/feedback.md" ;;
      '    read'*) grep -qxF "Read: ${line:14}" "$OUT/s001/feedback.md" ;;
      *) grep -qxF -- "${line:4}" "$OUT/s001/feedback.md" ;;
    esac || is "a line of check" "$line" "$(<"$OUT/s001/feedback.md")"
    [[ $(text "$OUT/s001/feedback.html" '//article') == *"${line:14}"* ]] || is "the page has" "$line" none
  done < <(grep -E '^    ' "$top/check")
  is "picture of the page" $'  expect-backlog 0\n!  listen(3, 5) = 0' "$(text "$OUT/s001/feedback.html" '//details[@class="picture"]/pre')"
  sed -n '/^<details>$/,/^<\/details>$/p' "$OUT/s001/feedback.md" | grep -qxF '!  listen(3, 5) = 0'
  grep -q 'needs "X"' "$OUT/s001/feedback.md" "$OUT/s001/feedback.html" || grep -q 'needs &quot;X&quot;' "$OUT/s001/feedback.html"
  grep -qF '`make check LAB=03 SEED=7`' "$OUT/s001/feedback.md"
}

@test "nothing that a submission wrote breaks out of its place" {
  made 2 03-listen
  # All signs that mean something to HTML, Markdown, XML, a script or a terminal.
  evil=$'EVIL</script></pre><script>alert(1)</script><img src=x onerror=alert(2)>\n```\n# EVIL ![x](http://e.example/p)'
  evil+=$' www.e.example me@e.example ]]> <!-- &amp; &#0; "\'`` EVIL\n````\n~~~\n\e[31mEVIL\e]0;x\a\u202eLIVE\u2066 \x7f \ufeff \u2028'
  evil+=$(printf '%0999d' 0)
  change s001 '.submission = ($evil | gsub("\n"; " ") + "\u0000\uffff\n")
    | .notes = ["could not be judged: " + $evil]
    | .score = 0 | .labs[0] |= (.verdict = "fail" | .score = 0)
    | .labs[0].tests[] |= (.earned = 0 | .verdict = "fail" | .ran = "./listen " + $evil | .expected = $evil + "\u0000\u0001\ufffe"
      | .got = $evil + ("\u001b[2J" * 99) | .said = $evil | .steps = [$evil] | .picture = $evil)' --arg evil "$evil"
  # A byte that is no UTF-8, in the file itself.
  sed -i 's/LIVE/LI\xff\xc0VE/' "$OUT/s001/result.json"
  run report
  is "status of $output" "0 " "$status $output"

  files=("$OUT/s001"/{feedback.md,feedback.html,junit.xml} "$OUT/index.html")
  for file in "${files[@]}"; do
    grep -q EVIL "$file"
    is "${file##*/}: control characters" '' "$(LC_ALL=C grep -n $'[\x01-\x08\x0b-\x1f\x7f]' "$file" | head -n 3)"
    is "${file##*/}: signs of direction" '' "$(LC_ALL=C grep -nE $'\xe2\x80[\xaa-\xae\xa8\xa9]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]' "$file" | head -n 3)"
    iconv -f utf-8 -t utf-8 "$file" >/dev/null
  done
  xmllint --noout --schema "$root/tests/grader/reports/junit.xsd" "$OUT/s001/junit.xml" 2>"$top/said" || is junit valid "$(<"$top/said")"
  is "scripts and pictures of the student's page" 0 "$(count "${files[1]}" '//script | //img | //*[@onerror]')"
  is "pictures of the class's page" 0 "$(count "${files[3]}" '//img | //*[@onerror]')"
  is "its scripts" 1 "$(count "${files[3]}" '//script')"
  for file in "${files[1]}" "${files[3]}"; do
    is "links out of ${file##*/}" 0 "$(count "$file" '//@href[contains(., ":") or contains(., "EVIL")] | //@src')"
    is "attributes" 0 "$(count "$file" '//@*[contains(., "EVIL")]')"
  done
  # Markdown: what is left without fenced blocks and code spans has none of it.
  awk '{ n = match($0, /^`+/) ? RLENGTH : 0 }
    fence { if (n >= fence && $0 ~ /^`+$/) fence = 0; next }
    n >= 3 && substr($0, n + 1) ~ /^[a-z]*$/ { fence = n; next }
    { print }' "${files[0]}" | sed -E 's/(`+) [^`]*(`+[^`]+)* \1( |$)//g' >"$top/outside"
  grep -q '^| 03-listen' "$top/outside"
  is "Markdown outside of code" '' "$(grep -n 'EVIL\|e\.example\|<script' "$top/outside" || true)"
}

@test "of a hidden test only the category is told" {
  made 2 03-listen
  change s001 '.labs[0].tests[4] += {hidden: "robustness", name: "SECRET name", verdict: "fail", earned: 0, ran: "SECRET",
    expected: "SECRET", got: "SECRET", said: "SECRET", hint: "SECRET", man: "SECRET(2)", steps: ["SECRET"]}
    | .labs[0].tests[6] += {hidden: true, name: "SECRET", verdict: "not-run", got: "not run: needs \"SECRET\""}'
  report
  for file in feedback.md feedback.html junit.xml; do
    is "$file" 0 "$(grep -c SECRET "$OUT/s001/$file" || true)"
    grep -q "hidden test: robustness" "$OUT/s001/$file"
  done
  grep -q 'FAIL.*hidden test: robustness' "$OUT/s001/feedback.md"
}

@test "every link leads somewhere, tables have heads, and a page runs only its own script" {
  made 10 01-socket 03-listen
  report
  for page in "$OUT/index.html" "$OUT/s001/feedback.html"; do
    ids=$(xmllint --html --xpath '//@id' "$page" 2>/dev/null | sed 's/.*"\(.*\)"/\1/')
    is "ids twice" '' "$(sort <<<"$ids" | uniq -d)"
    is "links to nothing" '' "$(grep -oE 'href="?#[^ ">]+|aria-labelledby=[^ ">]+' "$page" | sed 's/.*[#=]//' | sort -u |
      grep -vxFf <(printf '%s\n' "$ids") || true)"
    is "heads without a scope" 0 "$(count "$page" '//th[not(@scope)]')"
    is "tables without a caption" 0 "$(count "$page" '//table[not(caption)]')"
    is "one h1, main, title, language" 4 "$(count "$page" '//h1 | //main | //title | /html[@lang="en"]')"
    is "addresses" '' "$(grep -oE '(https?:)?//[a-z]+\.|@import|url\(' "$page" || true)"
    grep -qF "content=\"default-src 'none'; style-src 'unsafe-inline'" "$page"
  done
  while read -r link; do
    grep -qF " id=${link#*#}>" "$OUT/${link%%#*}" || is "$link" "is there" no
  done < <(grep -oE 's0[0-9]+/feedback.html#[^">]+' "$OUT/index.html" | sort -u | awk 'NR % 7 == 1')
  is "a link in each cell" 0 "$(count "$OUT/index.html" '//table[@class="heat"]//td[not(a) and not(@colspan)]')"
  sum=$(awk '/^<script>$/ { on = 1; printf "\n"; next } /^<\/script>/ { on = 0 } on' "$OUT/index.html" |
    sha256sum | cut -c 1-64 | tr a-f A-F | basenc --base16 -d | base64)
  grep -qF "script-src 'sha256-$sum'" "$OUT/index.html"
}

@test "those without a mark come first; what many did wrong is counted" {
  made 12 03-listen
  for n in 02 03 04; do
    change "s0$n" '.labs[0].tests[7] |= (.verdict = "fail" | .earned = 0 | .expected = "exit status 1" | .got = "exit status 0, port " + $n + "4321" | .said = "")' --arg n "$n"
  done
  report
  is "first" look "$(text "$OUT/index.html" '//main/section[1]/@aria-labelledby')"
  is "who" "Gorse Juniper " "$(xmllint --html --xpath '//main/section[1]//bdi/text()' "$OUT/index.html" 2>/dev/null | tr -s '\n' ' ' | sed 's/ *$/ /;s/GorseJuniper/Gorse Juniper/')"
  [[ $(text "$OUT/index.html" '//ol[@class="mistakes"]') == *"exit status 0, port"* ]]
  n=$(text "$OUT/index.html" '//ol[@class="mistakes"]/li[.//pre[starts-with(., "exit status 0, port")]]//strong')
  is "how many" 3 "$n"
  passed=$(jq -s '[.[].labs[0].tests[7].verdict | select(. == "pass")] | length' "$OUT"/*/result.json)
  tried=$(jq -s '[.[].labs[0].tests[7].verdict | select(. != "not-run" and . != null)] | length' "$OUT"/*/result.json)
  [[ $(text "$OUT/index.html" '//li[@id="ht03-8"]') == *"$passed of $tried passed"* ]]
}

@test "the same results give the same bytes, in any folder, at any number of jobs" {
  made 5 03-listen
  cp -R "$OUT" "$top/other"
  JOBS=1 report
  JOBS=3 OUT=$top/other report
  diff -r "$OUT" "$top/other"
}

@test "a result that is none is named, and nothing is written" {
  made 3 03-listen
  report
  cp -R "$OUT" "$top/before"
  change s001 '.submission = "somebody else"'
  printf '{"schema": 1, "labs": [' >"$OUT/s002/result.json"
  run report
  is status 1 "$status"
  [[ $output == *"s002/result.json"* ]]
  is "pages" '' "$(diff -r "$top/before" "$OUT" | grep -vE 'result.json|^[^BO]' || true)"
  : >"$OUT/.socket-steps-grades"
  exec 8<"$OUT/.socket-steps-grades"
  flock 8
  run report
  is "while it is graded: $output" 2 "$status"
  exec 8<&-
  for wrong in OUT="$top/none" OUT=/dev/null OUT="$top" JOBS=0; do
    run env "$wrong" "$root/tests/grader/report"
    is "$wrong: $output" 2 "$status"
    is "$wrong: lines" 1 "${#lines[@]}"
  done
}

@test "in a browser: nothing is fetched, nothing is too wide, keys and sorting work" {
  made 3 03-listen
  report
  run env -u OUT "$root/tests/course/grader/check-reports" "$OUT"
  [ "$status" -ne 3 ] || skip "no chromium here"
  echo "$output"
  [ "$status" -eq 0 ]
}
