#pragma once
// Fragments that another system cut, and the presses of its log. A file belongs to the press whose
// row of the log names it, else to the one press that the time in its name fits, of the point that
// its folders name. What fits no press, or several, is told and is not sent. A matched file goes
// the way of every recording, with the begin that stands here; once it is one, it becomes the clip
// of its press. Owns the fragment columns of logged_press. Thread: any; bind() on a stage worker.
#include <optional>
#include <string>
#include <vector>

#include "imports/imports.h"
#include "recording/recording.h"
#include "sites/sites.h"

namespace otklik {

/// What the time in a file's name says.
enum class FragmentNamed { begin, press };
template <>
inline constexpr std::pair<FragmentNamed, std::string_view> enum_words<FragmentNamed>[2] = {
    {FragmentNamed::begin, "begin"}, {FragmentNamed::press, "press"}};

struct FragmentMatch {
    std::string path;          // as it was asked
    std::string code;          // of the catalogue: why it is not sent; empty: it has a press
    std::int64_t presses = 0;  // that it belongs to: one, or several of one point
    Id<Signal> signal_id;      // the first of them
    Instant pressed_at;
    Point point;
    Id<Recorder> recorder_id;  // where it is to be sent
    Instant begin_at;
    Duration uncertainty;  // half-width
    bool by_time = false;  // not the log says so, but the time in its name
};

/// A press of a log and its fragment.
struct LoggedPress {
    Id<Signal> signal_id;
    Id<Point> point_id;
    Instant pressed_at;
    Duration uncertainty;
    std::string file_named;  // the file as the log calls it; empty: not said
    std::string file_fold;
    bool by_log = false;  // the log names the file
    std::optional<Instant> fragment_begin_at;
    Id<RecordingSession> session_id;  // 0: it has not come
};

inline constexpr std::size_t fragments_at_once = 500;

class Fragments {
public:
    Fragments(Store& store, const ImportUses& uses, const Messages& messages)
        : store_(store), uses_(uses), messages_(messages) {}
    struct Wish {
        Id<SheetImport> import_id;
        std::vector<std::string> paths;              // names with their folders
        Duration before = Duration::seconds(60);     // a fragment begins so long before its press
        FragmentNamed named = FragmentNamed::begin;  // what the time in a name says
        std::string language = "ru";                 // of the recorder's name
    };
    /// Which press each file belongs to, in the order asked; keeps what was found, so that the file
    /// is known when it comes. Asked again, with more files or other wishes, it finds anew what the
    /// log does not name and what has not come.
    std::vector<FragmentMatch> match(const SheetImport& import, const Scope& scope, Tx& tx,
                                     const Wish& wish) const;
    struct Counts {
        std::int64_t presses = 0, with_fragment = 0;
    };
    Counts counts(Tx& tx, Id<SheetImport> import) const;
    /// Presses of the import that have no fragment, the oldest first, after the key.
    std::vector<LoggedPress> missing(Tx& tx, Id<SheetImport> import, std::optional<PageKey> after,
                                     int count_max) const;
    /// Stage fragments.bind: a recording that was sent as a fragment becomes the clip of its
    /// presses.
    void bind(Id<RecordingSession> session);

private:
    void put_around(Tx& tx, RecordingSession& session, Instant pressed_at,
                    Duration uncertainty) const;

    Store& store_;
    const ImportUses uses_;
    const Messages& messages_;
};

/// Small letters, without folders.
std::string folded_file_name(std::string_view path);

}  // namespace otklik
