-- Each connection walks on by itself: its SyncKey counts up with every answer, as the server counts it. Argument: the path
-- of the walks; the thread's number follows it. wrk needs as many threads as connections.

dofile(debug.getinfo(1, 'S').source:match('^@(.*/)') .. 'report.lua')

local threads = 0

function setup(thread)
  thread:set('index', threads)
  threads = threads + 1
end

local issued, lap, number, head, body
local step = 0
local verified

function init(args)
  local file = assert(io.open(args[1] .. '.' .. index, 'rb'))
  issued, lap, number = file:read('*n', '*n', '*n')
  file:read(1)
  verified = index > 0
  local request = file:read('*a')
  file:close()
  local ended = select(2, request:find('\r\n\r\n', 1, true))
  head = request:sub(1, ended):gsub('Content%-Length: %d+\r\n\r\n$', 'Content-Length: ')
  body = request:sub(ended + 1)
end

function request()
  -- wrk looks at one request of its first thread before it begins, and does not send it.
  if not verified then
    verified = true
    return head .. #body .. '\r\n\r\n' .. body
  end
  local key = issued
  if lap > 0 and step == lap then
    key, step = 0, 0
  else
    step = step + 1
  end
  issued = issued + 1
  number = number + 1
  local filled = body:gsub('@KEY@', key):gsub('@NUMBER@', number)
  return head .. #filled .. '\r\n\r\n' .. filled
end
