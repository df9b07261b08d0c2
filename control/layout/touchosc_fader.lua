-- SPDX-License-Identifier: GPL-3.0-or-later
-- A fader or a knob: two taps set it to where it rests. When it is let go it
-- asks where it is, because what others did meanwhile was not shown.
-- In front of this: rest, of 0 to 1; low and high, what is sent for 0 and 1.
local tap_ms, twice_ms, still = 250, 400, 0.02
local began, from, tapped = 0, 0

local function send(...)
  local arguments = {}
  for i, value in ipairs({ ... }) do
    arguments[i] = { tag = 'f', value = value }
  end
  sendOSC({ '/' .. self.name, arguments }, { true })
end

local function was_tap(now)
  return now - began < tap_ms and math.abs(self.values.x - from) < still
end

function onValueChanged(key)
  local now = getMillis()
  if key ~= 'touch' then
    return
  end
  if self.values.touch then
    began, from = now, self.values.x
    return
  end
  if not was_tap(now) then
    tapped = nil
  elseif tapped and now - tapped < twice_ms then
    self.values.x = rest
    send(low + rest * (high - low))
    tapped = nil
  else
    tapped = now
  end
  send()
end
