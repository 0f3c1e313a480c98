# A lab's record counts only when it adds up: anything else is the grader's fault,
# and a mark is not made of that. For result.jq and kept.jq.
def adds_up:
  (.score | type) == "number" and (.max | type) == "number"
  and (.tests | type) == "array"
  and (.verdict | IN("pass", "fail", "no-compile", "missing"))
  and (if .verdict == "pass" then (.tests | length) > 0 else true end)
  and (if .tests == [] then .score == 0
       else .score == ([.tests[].earned] | add)
         and .max == ([.tests[] | select(.verdict != "skip") | .points] | add // 0)
       end);

# Lines of sha256sum(1), "SUM  NNNN/03-listen/listen.c", as {"03-listen/listen.c": SUM}.
def sums: map({((. / "/")[1:] | join("/")): .[:64]}) | add // {};
def lines: split("\n") | map(select(. != ""));

# What one lab's record was made from: two that agree in this are one judging.
def made_from($lab):
  {seed, tools: .inputs.tools, confinement: .inputs.confinement, tests: .inputs.tests[$lab],
   files: (.inputs.files | with_entries(select(.key | startswith($lab + "/"))))};
