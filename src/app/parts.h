#pragma once
// Parts: builds every part of the program in order and destroys them in reverse. `serve` adds a
// listener, a verb dispatches one request in process; both hold data/lock, so one process at a time
// writes a data folder. Thread: built and destroyed by main.
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "web/http.h"

namespace otklik {

class Store;
class Workers;
struct FrontDoor;
struct Rooms;

struct PartsConfig {
    std::string data_folder = "data";
    std::string keys_folder = "keys";
    std::string database_url;   // empty: sqlite in the data folder
    std::string decoder_path;   // empty: otklik-decode beside this program
    std::string hear_path;      // empty: otklik-hear beside this program
    std::string web_folder;     // empty: found beside this program
    std::string backup_folder;  // empty: the data folder's name with "-backups"
    std::int64_t reserve_bytes = 64 << 20;
    std::string watch_folder;  // empty: none
    int stage_threads = 2;
    int import_complexity = 5;          // of Opus, 0 to 10
    std::int64_t press_rate = 50;       // presses a second of one device; 0: no limit
    std::int64_t press_burst = 500;     // at once; see web/api/gates.h
    std::int64_t link_hours_max = 168;  // of a link to a clip; 0: none is made
    bool demo = false;
};

class Parts {
public:
    /// Takes the lock (Error{conflict, "data.in_use"}), opens and migrates the store, builds the
    /// rooms.
    Parts(const PartsConfig& config, const Clock& clock);
    ~Parts();
    Rooms& rooms();
    Dispatcher& dispatcher();
    /// How we listen; before the server starts, and it outlives the parts.
    void use(const FrontDoor& front);
    /// Starts stages, the fact dispatcher, the audit sealer, the reserve keeper.
    void start();
    void stop(Duration at_most);
    /// In-process verbs: runs facts and due jobs in this thread until nothing is due.
    void settle();
    const std::string& socket_path() const;

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// The folder of the running program.
std::string program_folder();

}  // namespace otklik
