-- tshark 4.0 hands the ports 2948 and 9200 to WSP: those of Nokia's and Ericsson's settings as well, and the content type
-- 0x0303 (application/vnd.syncml+wbxml), which has no name there, to WBXML.
for _, name in ipairs({"gsm_sms.udh.port", "gsm_sms_ud.udh.port"}) do
  local ports = DissectorTable.get(name)
  for _, port in ipairs({49996, 49999}) do ports:add(port, Dissector.get("wsp-cl")) end
end
DissectorTable.get("media_type"):add("<Unknown media type identifier 0x303>", Dissector.get("wbxml"))
