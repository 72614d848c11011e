-- What wrk asks for: each request brings a captcha and a number of its own, those of http_captchas.py. Or each sends a
-- message through the gateway that sms-sandbox plays, to a number of its own.
-- Arguments: 1 route: `tutorial`, `v1`, `gateway`, or `page` for the address as it stands, 2 first captcha, 3 how many
-- threads, and for `gateway` 4 signed path, 5 authorization, 6 application
-- In the end it prints one line of JSON.

local started = 0

function setup(thread)
  thread:set('place', started)
  started = started + 1
end

function init(arguments)
  local route, next_captcha, threads = arguments[1], tonumber(arguments[2]) + place, tonumber(arguments[3])
  local host = wrk.headers['Host']

  local function take()
    local captcha = next_captcha
    next_captcha = captcha + threads
    return captcha, captcha % 100000, math.floor(captcha / 100000)
  end

  -- Without a function `request`, wrk sends one fixed text.
  if route == 'tutorial' then
    local format = 'GET /sms_codes/13%05d%04d/?image_code=ACDE&image_code_id=00000000-0000-4000-8000-%012d HTTP/1.1\r\n'
      .. 'Host: ' .. host .. '\r\n\r\n'
    function request()
      local captcha, prefix, rest = take()
      return string.format(format, prefix, rest, captcha)
    end
  elseif route == 'v1' then
    local body = '{"mobile":"13%05d%04d","captcha_id":"%032d","captcha_answer":"ACDEHK","client_token":"%032d"}'
    local format = 'POST /v1/verifications HTTP/1.1\r\nHost: ' .. host .. '\r\nContent-Type: application/json\r\n'
      .. 'Content-Length: ' .. #string.format(body, 0, 0, 0, 0) .. '\r\n\r\n' .. body
    function request()
      local captcha, prefix, rest = take()
      return string.format(format, prefix, rest, captcha, captcha)
    end
  elseif route == 'gateway' then
    local path, authorization, application = arguments[4], arguments[5], arguments[6]
    local body = '{"to":"13%05d%04d","appId":"' .. application .. '","templateId":"1","datas":["012345","5"]}'
    local format = 'POST ' .. path .. ' HTTP/1.1\r\nHost: ' .. host .. '\r\nAuthorization: ' .. authorization
      .. '\r\nAccept: application/json\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: '
      .. #string.format(body, 0, 0) .. '\r\n\r\n' .. body
    function request()
      local _, prefix, rest = take()
      return string.format(format, prefix, rest)
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local line = '{"requests": %d, "seconds": %.6f, "medianMilliseconds": %.3f, "p99Milliseconds": %.3f,'
    .. ' "refused": %d, "broken": %d}'
  print(string.format(
    line, summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
