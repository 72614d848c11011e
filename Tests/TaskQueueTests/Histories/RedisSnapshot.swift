import RedisClient
import TaskQueue

/// All that Redis holds, as text: one line a key, sorted, each job in the short form of the model.
///
/// Whatever is not as it should be is shown as it is: an unknown key, a message that was changed where it must not be,
/// a mark without its claim.
struct RedisSnapshot {
    private static let script = RedisScript(name: "snapshot", source: Array(source.utf8))

    static func take(_ client: RedisClient) async throws -> String {
        try await client.run(script, keys: []).text
    }

    private static let source = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local day = 24 * 3600 * 1000000

        -- The order of bytes, whatever the server's language.
        local function before(left, right)
          for i = 1, math.min(#left, #right) do
            local l, r = left:byte(i), right:byte(i)
            if l ~= r then return l < r end
          end
          return #left < #right
        end
        local function days(micros) return math.floor((micros - now) / day + 0.5) end

        local function job(message)
          local ok, envelope = pcall(cjson.decode, message)
          if not ok then return message end
          local headers, properties = envelope.headers, envelope.properties
          local body = cjson.decode(envelope.body)
          if tostring(body[1][1]) ~= headers.id or headers['x-job'] ~= headers.id then return message end
          local text = headers.id .. 'p' .. (properties.priority or 0)
          if headers.retries ~= 0 then text = text .. 'r' .. headers.retries end
          local redeliveries = headers['x-redeliveries'] or 0
          if redeliveries ~= 0 then text = text .. 'd' .. redeliveries end
          return text
        end

        local function claims(key)
          local fields = redis.call('HGETALL', key)
          local numbers, values, entries = {}, {}, {}
          for i = 1, #fields, 2 do
            values[fields[i]] = fields[i + 1]
            if tonumber(fields[i]) then numbers[#numbers + 1] = tonumber(fields[i]) end
          end
          table.sort(numbers)
          for _, number in ipairs(numbers) do
            local name = tostring(number)
            local sent = values[name .. ':sent']
            entries[#entries + 1] = name .. '=' .. job(values[name]) .. (sent and ',sent=' .. sent or '')
            values[name], values[name .. ':sent'] = nil, nil
          end
          for name, value in pairs(values) do entries[#entries + 1] = name .. '=' .. value end
          return entries
        end

        local function dead(key)
          local entries = {}
          for i, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
            local message = redis.call('HGET', key .. ':messages', id)
            local details = redis.call('HGET', key .. ':details', id)
            entries[i] = message and details and job(message) .. ',' .. cjson.decode(details).reason or id
          end
          table.sort(entries, before)
          return entries
        end

        local function scores(key, render)
          local pairs, entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES'), {}
          for i = 1, #pairs, 2 do entries[#entries + 1] = render(pairs[i], tonumber(pairs[i + 1])) end
          return entries
        end

        local function counters(key)
          local fields, entries = redis.call('HGETALL', key), {}
          for i = 1, #fields, 2 do entries[#entries + 1] = fields[i] .. '=' .. fields[i + 1] end
          table.sort(entries, before)
          return entries
        end

        local function contents(key)
          local kind = redis.call('TYPE', key).ok
          local entries = {}
          if kind == 'list' then
            for i, message in ipairs(redis.call('LRANGE', key, 0, -1)) do entries[i] = job(message) end
          elseif key:find(':claimed:', 1, true) then
            entries = claims(key)
          elseif key:find(':held:', 1, true) then
            -- Nothing but what claims have been seen, and when.
          elseif key:find(':workers', 1, true) then
            entries = scores(key, function(worker, lease)
              return worker .. '=' .. (lease * 1000 > now and 'alive' or 'overdue')
            end)
            table.sort(entries, before)
          elseif key:find(':scheduled', 1, true) then
            entries = scores(key, function(message, due) return job(message) .. '@' .. days(due * 1000) end)
          elseif key:find(':limited:', 1, true) then
            entries = scores(key, function(message, place) return job(message) end)
          elseif key:find(':limited', 1, true) then
            entries = redis.call('SMEMBERS', key)
            table.sort(entries, before)
          elseif key:find(':rate', 1, true) then
            local start = days(tonumber(redis.call('GET', key)))
            if start > 0 then entries = {tostring(start)} end
          elseif key:find(':dead:', 1, true) then
            entries = {tostring(redis.call('HLEN', key))}
          elseif key:find(':dead', 1, true) then
            entries = dead(key)
          elseif key:find(':stats', 1, true) then
            entries = counters(key)
          elseif key:find(':paused', 1, true) then
            entries = {redis.call('GET', key)}
          else
            entries = {'an unknown key'}
          end
          return entries
        end

        local lines = {}
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local entries = contents(key)
          if #entries > 0 then lines[#lines + 1] = key .. ': ' .. table.concat(entries, ' ') end
        end
        table.sort(lines, before)
        return table.concat(lines, '\\n')
        """
}
