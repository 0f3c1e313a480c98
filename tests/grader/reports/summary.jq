# Gives one line for class.jq from a submission's result.json (the input).
{name: .submission, judged: (.score != null), score, max, notes,
  labs: [.labs[] | {lab, score, max, verdict,
    failed: [.tests[] | select(.verdict | IN("fail", "timeout", "crash", "limit")) | .name]}]}
