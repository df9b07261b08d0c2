-- SPDX-License-Identifier: GPL-3.0-or-later
-- The whole layout: asks tapdeck for every change, and for all values, again
-- and again, so that what a network lost is put right and a tapdeck that was
-- started later is found. `port` is the receive port of connection 1.
-- In front of this: port, patterns, levels, faders, meters.
local renew_ms, lost_ms, lease_s, meter_hz = 2000, 6000, 10, 15
local connection = { true }
local fader, meter = {}, {} -- by address
local status, asked, heard, shown

local function send(path, ...)
  local arguments = {}
  for i, value in ipairs({ ... }) do
    arguments[i] = { tag = type(value) == 'string' and 's' or 'i', value = value }
  end
  sendOSC({ path, arguments }, connection)
end

local function subscribe()
  for _, pattern in ipairs(patterns) do
    send('/subscribe', pattern, lease_s, port)
    -- whether the app reads bundles, its manual does not say
    send('/bundles', 0)
  end
  for _, level in ipairs(levels) do
    send(level, meter_hz)
  end
end

local function show(text)
  if text ~= shown then
    status.values.text = text
    shown = text
  end
end

function init()
  for _, name in ipairs(faders) do
    fader['/' .. name] = self:findByName(name, true)
  end
  for _, name in ipairs(meters) do
    meter['/' .. name] = self:findByName(name, true)
  end
  status = self:findByName('status', true)
end

function update()
  local now = getMillis()
  if not asked or now - asked >= renew_ms then
    subscribe()
    asked = now
  end
  show(heard and now - heard < lost_ms and 'connected' or 'no answer')
end

-- true: nobody else gets it.
function onReceiveOSC(message)
  local path, arguments = message[1], message[2]
  heard = getMillis()
  if path == '/prove' and #arguments == 1 then
    send('/prove', arguments[1].value)
    return true
  end
  -- A finger on a fader is stronger than what others do.
  if fader[path] and fader[path].values.touch then
    return true
  end
  if meter[path] and #arguments == 1 then
    -- decibels, the lowest 60 of them
    local x = 1 + arguments[1].value / 60
    meter[path].values.x = x < 0 and 0 or x > 1 and 1 or x
    return true
  end
  return false
end
