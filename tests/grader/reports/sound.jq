# A lab's record counts only if its points add up. If they do not, the grader is wrong and
# the lab gets no mark. For result.jq and kept.jq.
def adds_up:
  (.score | type) == "number" and (.max | type) == "number"
  and (.tests | type) == "array"
  and (.verdict | IN("pass", "fail", "no-compile", "missing"))
  and (if .verdict == "pass" then (.tests | length) > 0 else true end)
  and (if .tests == [] then .score == 0
       else .score == ([.tests[].earned] | add)
         and .max == ([.tests[] | select(.verdict != "skip") | .points] | add // 0)
       end);

# Turns lines of sha256sum(1), "SUM  NNNN/03-listen/listen.c", into
# {"03-listen/listen.c": SUM}.
def sums: map({((. / "/")[1:] | join("/")): .[:64]}) | add // {};
def lines: split("\n") | map(select(. != ""));

# Gives all that a lab's record depends on. If two records agree in it, one judging serves
# both.
def made_from($lab):
  {seed, tools: .inputs.tools, confinement: .inputs.confinement, tests: .inputs.tests[$lab],
   files: (.inputs.files | with_entries(select(.key | startswith($lab + "/"))))};
