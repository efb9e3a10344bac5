-- Sends texts by GET, each to another number and with other words. Arguments: path with the credentials, the names of the
-- parameters for number and text.

dofile(debug.getinfo(1, 'S').source:match('^@(.*/)') .. 'report.lua')

local path, number, text
local sent = 0

function init(args)
  path, number, text = args[1], args[2], args[3]
end

function request()
  sent = sent + 1
  return string.format(
    'GET %s&%s=%%2B4477009%05d&%s=Parcel+%d+comes+between+%d+and+%d+today%%2C+be+at+home HTTP/1.1\r\nHost: sms.example.com\r\n\r\n',
    path, number, sent % 100000, text, sent, sent % 12, sent % 12 + 2)
end
