-- What every script of this folder says at the end: one line of JSON.

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"octets":%d,"microseconds":%d,"failures":%d,"refused":%d}\n',
    summary.requests, summary.bytes, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
