# One line a submission for class.jq, from its result.json (the input).
{name: .submission, judged: (.score != null), score, max, notes,
  labs: [.labs[] | {lab, score, max, verdict,
    failed: [.tests[] | select(.verdict | IN("fail", "timeout", "crash", "limit")) | .name]}]}
