// Read calendar files one after the other, as ical.js does, and print what stands in the calendar
// after each: {"uid": "begin in UTC"}. The zone is that of the file, not one that ical.js knows.
// Usage: node read_calendar.mjs <ical.js> <file ...>
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , library, ...files] = process.argv;
const { default: ICAL } = await import(pathToFileURL(library));
const entries = {};
const after = files.map((file) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  const off = calendar.getFirstPropertyValue("method") === "CANCEL";
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  for (const part of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(part);
    const known = entries[event.uid];
    if (known && known.sequence > event.sequence) continue;
    if (off || part.getFirstPropertyValue("status") === "CANCELLED") delete entries[event.uid];
    else entries[event.uid] = { sequence: event.sequence, at: event.startDate.toJSDate().toISOString() };
  }
  return Object.fromEntries(Object.entries(entries).map(([uid, { at }]) => [uid, at]));
});
console.log(JSON.stringify(after));
