#pragma once
// Every room by reference, for handlers. Built by app/parts.cpp; outlives the server.
#include <atomic>
#include <string>

#include "web/api/presence.h"
#include "web/api/tour.h"

namespace otklik {

class Store;
class Clock;
class Blobs;
class People;
class Sites;
class Recording;
class Importer;
class Uploads;
class WatchedFolder;
class Live;
class Silencer;
class Repairs;
class Retention;
class ClipExpiry;
class Signals;
class PressIntake;
class Clips;
class Speech;
class Forms;
class Imports;
class Fragments;
class Sampling;
class Checks;
class Notices;
class Mailman;
class Alarms;
class AlarmWatch;
class DayDesk;
class SavedViews;
class Insight;
class AuditSealer;
class Messages;
class BackupRunner;
class EventHub;
class Gates;

struct Rooms {
    Store& store;
    const Clock& clock;
    Blobs& blobs;
    People& people;
    Sites& sites;
    Recording& recording;
    Importer& importer;
    Uploads& uploads;
    WatchedFolder& folder;
    Live& live;
    Silencer& silencer;
    Repairs& repairs;
    Signals& signals;
    PressIntake& intake;
    Clips& clips;
    Retention& retention;
    ClipExpiry& expiry;
    Speech& speech;
    Forms& forms;
    Imports& imports;
    Fragments& fragments;
    Sampling& sampling;
    Checks& checks;
    Notices& notices;
    Mailman& mailman;
    Alarms& alarms;
    AlarmWatch& watch;
    DayDesk& day;
    SavedViews& views;
    Insight& insight;
    AuditSealer& sealer;
    const Messages& messages;
    Gates& gates;
    std::string setup_code;  // first run asks for it; empty once there is a company
    std::string web_folder;  // the built desk
    std::string version;
    bool demo = false;
    std::int64_t link_hours_max = 168;     // of a link to a clip; 0: none is made, none opens
    Visitors visitors{clock};              // of the guided tour
    Presence presence = {};                // who has what open
    std::atomic<int> deletions_paused{0};  // a backup copies files: nothing is unlinked meanwhile
    BackupRunner* backups = nullptr;
    EventHub* events = nullptr;  // live events; absent in verbs that run in process
};

}  // namespace otklik
