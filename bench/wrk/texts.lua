-- Posts texts to `/sms/`, each to another number and with other words. Arguments: user, password.

dofile(debug.getinfo(1, 'S').source:match('^@(.*/)') .. 'report.lua')

local head = 'POST /sms/ HTTP/1.1\r\nHost: sms.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n'
local credentials
local sent = 0

local function escape(text)
  return (text:gsub('[^%w]', function(octet) return string.format('%%%02X', octet:byte()) end))
end

function init(args)
  credentials = string.format('user=%s&pass=%s', escape(args[1]), escape(args[2]))
end

function request()
  sent = sent + 1
  local text = 'Parcel+' .. sent .. '+comes+between+' .. sent % 12 .. '+and+' .. sent % 12 + 2 .. '+today%2C+be+at+home'
  local body = string.format('%s&number=%%2B4477009%05d&data=%s', credentials, sent % 100000, text)
  return head .. 'Content-Length: ' .. #body .. '\r\n\r\n' .. body
end
