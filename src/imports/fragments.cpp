#include "imports/fragments.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/messages.h"
#include "base/text.h"
#include "clips/clips.h"
#include "imports/imports_sql.h"
#include "imports/table.h"
#include "recording/fragments.h"
#include "recording/import.h"
#include "sites/sites.h"
#include "store/store.h"

namespace otklik {

using namespace imports_sql;

namespace {

// A fragment is at most some minutes, so its begin lies at most so far from its press.
constexpr Duration apart_max = Duration::seconds(600);
constexpr Duration shutter = Duration::seconds(5);  // between a press and the file being named
constexpr int presses_near_max = 200;

LoggedPress logged_press_of(const Row& row) {
    LoggedPress press;
    press.signal_id = row.id<Signal>(0);
    press.point_id = row.id<Point>(1);
    press.pressed_at = row.instant(2);
    press.uncertainty = row.duration(3);
    press.file_named = row.text(4);
    press.file_fold = row.text(5);
    press.by_log = row.text(6) == "log";
    press.fragment_begin_at = row.maybe_instant(7);
    press.session_id = row.id<RecordingSession>(8);
    return press;
}

Duration apart(Instant a, Instant b) {
    return a < b ? b - a : a - b;
}

std::string even_path(std::string_view path) {
    std::string even = fold(path);
    std::replace(even.begin(), even.end(), '\\', '/');
    return even;
}

/// A file on its way to its press.
struct AskedFile {
    std::string name;                // without folders
    std::set<std::string> folders;   // as plain_header
    std::vector<LoggedPress> found;  // of one point
    Duration distance;               // by time: between what its name says and what was expected
    std::string code;
    bool by_time = false;
};

class Matching {
public:
    Matching(Tx& tx, const ImportUses& uses, const Scope& scope, const Fragments::Wish& wish)
        : tx_(tx), wish_(wish) {
        for (const Point& point : uses.sites.points(scope, tx)) {
            points_[point.id.value] = point;
            zones_.insert(point.zone);
        }
    }

    std::vector<AskedFile> files() {
        std::vector<AskedFile> all;
        for (const std::string& path : wish_.paths) {
            AskedFile file = read(path);
            by_log(path, file);
            if (file.found.empty() && file.code.empty()) by_time(file);
            all.push_back(std::move(file));
        }
        give_each_press_once(all);
        return all;
    }

    const Point& point(Id<Point> id) const { return points_.at(id.value); }

    /// Where the file begins, by its name where that fits, else by the press.
    FoundStart begin_of(const AskedFile& file) const {
        const LoggedPress& press = file.found.front();
        if (const auto named = found_in_name(file.name, point(press.point_id).zone)) {
            const Duration doubt = press.uncertainty + named->uncertainty;
            if (wish_.named == FragmentNamed::press &&
                apart(named->at, press.pressed_at) <= doubt + shutter)
                return {named->at - wish_.before, doubt};
            if (wish_.named == FragmentNamed::begin && named->at <= press.pressed_at + doubt &&
                named->at >= press.pressed_at - apart_max - doubt)
                return *named;
        }
        return {press.pressed_at - wish_.before, press.uncertainty + wish_.before};
    }

private:
    static AskedFile read(const std::string& path) {
        AskedFile file;
        std::string_view rest = path;
        for (std::size_t at; (at = rest.find_first_of("/\\")) != std::string_view::npos;) {
            file.folders.insert(plain_header(rest.substr(0, at)));
            rest.remove_prefix(at + 1);
        }
        file.name = rest;
        return file;
    }

    /// Whether its folders speak of a point of this house, and of which.
    bool is_folder_of(const AskedFile& file, Id<Point> id) const {
        return file.folders.contains(plain_header(point(id).name));
    }
    bool names_a_point(const AskedFile& file) const {
        return std::any_of(points_.begin(), points_.end(), [&](const auto& each) {
            return file.folders.contains(plain_header(each.second.name));
        });
    }

    /// Keeps those that fit, when any do.
    template <class Fits>
    static void prefer(std::vector<LoggedPress>& presses, Fits fits) {
        std::vector<LoggedPress> better;
        std::copy_if(presses.begin(), presses.end(), std::back_inserter(better), fits);
        if (!better.empty()) presses = std::move(better);
    }

    void by_log(const std::string& path, AskedFile& file) {
        std::vector<LoggedPress> presses;
        for (const Row& row : tx_.rows(presses_of_file, {{"import", wish_.import_id},
                                                         {"fold", folded_file_name(path)},
                                                         {"count", presses_near_max}})) {
            LoggedPress press = logged_press_of(row);
            if (!points_.contains(press.point_id.value)) continue;
            if (press.by_log || press.session_id) presses.push_back(std::move(press));
        }
        const std::string even = even_path(path);
        prefer(presses, [&](const LoggedPress& press) {
            const std::string named = even_path(press.file_named);
            return named.find('/') != std::string::npos && even.ends_with(named);
        });
        prefer(presses,
               [&](const LoggedPress& press) { return is_folder_of(file, press.point_id); });
        if (presses.empty()) return;
        for (const LoggedPress& press : presses)
            if (press.point_id != presses.front().point_id) file.code = "fragment.several";
        if (std::all_of(presses.begin(), presses.end(), [](const LoggedPress& press) {
                return static_cast<bool>(press.session_id);
            }))
            file.code = "fragment.there";
        file.found = std::move(presses);
    }

    void by_time(AskedFile& file) {
        struct Near {
            LoggedPress press;
            Duration distance;
        };
        std::vector<Near> near;
        bool timed = false;
        const bool one_point = names_a_point(file);
        for (const std::string& zone : zones_) {
            const auto named = found_in_name(file.name, zone);
            if (!named) continue;
            timed = true;
            for (const Row& row : tx_.rows(presses_near, {{"import", wish_.import_id},
                                                          {"begin", named->at - apart_max},
                                                          {"end", named->at + apart_max},
                                                          {"count", presses_near_max}})) {
                LoggedPress press = logged_press_of(row);
                const auto at = points_.find(press.point_id.value);
                if (at == points_.end() || at->second.zone != zone || press.by_log) continue;
                if (one_point && !is_folder_of(file, press.point_id)) continue;
                const bool says_press = wish_.named == FragmentNamed::press;
                const Duration doubt = press.uncertainty + named->uncertainty;
                const Duration distance = apart(
                    named->at, says_press ? press.pressed_at : press.pressed_at - wish_.before);
                if (distance <= doubt + (says_press ? shutter : std::max(wish_.before, shutter)))
                    near.push_back({std::move(press), distance});
            }
        }
        if (near.empty()) {
            file.code = timed ? "fragment.no_press" : "fragment.no_time";
            return;
        }
        std::sort(near.begin(), near.end(),
                  [](const Near& a, const Near& b) { return a.distance < b.distance; });
        file.by_time = true;
        // A log of minutes cannot tell two presses of one minute from each other.
        if (near.size() > 1 &&
            near[1].distance - near[0].distance < near[0].press.uncertainty + shutter)
            file.code = "fragment.several";
        file.distance = near.front().distance;
        file.found.push_back(std::move(near.front().press));
    }

    /// Of the files that the time alone gives to a press, the nearest has it.
    static void give_each_press_once(std::vector<AskedFile>& all) {
        std::map<std::int64_t, AskedFile*> owners;
        for (AskedFile& file : all) {
            if (!file.by_time || !file.code.empty()) continue;
            AskedFile*& owner = owners[file.found.front().signal_id.value];
            AskedFile* worse = owner;
            if (owner && owner->distance <= file.distance)
                worse = &file;
            else
                owner = &file;
            if (worse) worse->code = "fragment.taken";
        }
    }

    Tx& tx_;
    const Fragments::Wish& wish_;
    std::map<std::int64_t, Point> points_;
    std::set<std::string> zones_;
};

}  // namespace

std::string folded_file_name(std::string_view path) {
    const std::string even = even_path(trim(path));
    return even.substr(even.rfind('/') + 1);
}

std::vector<FragmentMatch> Fragments::match(const SheetImport& import, const Scope& scope, Tx& tx,
                                            const Wish& wish) const {
    require(scope, {import.company_id, import.unit.value, 0});
    Matching matching(tx, uses_, scope, wish);
    std::vector<FragmentMatch> all;
    for (const AskedFile& file : matching.files()) {
        FragmentMatch match;
        match.path = wish.paths[all.size()];
        match.code = file.code;
        match.by_time = file.by_time;
        match.presses = static_cast<std::int64_t>(file.found.size());
        if (!file.found.empty() && file.code != "fragment.several") {
            const LoggedPress& press = file.found.front();
            match.signal_id = press.signal_id;
            match.pressed_at = press.pressed_at;
            match.point = matching.point(press.point_id);
            const auto kept = uses_.sites.kept_days(tx, press.point_id);
            if (!uses_.sites.basis(scope, tx, press.point_id))
                match.code = "basis.missing";
            else if (kept && press.pressed_at + Duration::days(kept->clips) < tx.now())
                match.code = "fragment.term_over";
        }
        if (match.code.empty()) {
            const FoundStart begin = matching.begin_of(file);
            match.begin_at = begin.at;
            match.uncertainty = begin.uncertainty;
            match.recorder_id =
                recorder_of_fragments(tx, uses_.recording, match.point,
                                      messages_.message(wish.language, "log.fragments"));
            for (const LoggedPress& press : file.found)
                if (!press.session_id)
                    tx.run(expect_fragment, {{"signal", press.signal_id},
                                             {"fold", folded_file_name(file.name)},
                                             {"by", file.by_time ? "time" : "log"},
                                             {"begin", begin.at}});
        }
        all.push_back(std::move(match));
    }
    return all;
}

Fragments::Counts Fragments::counts(Tx& tx, Id<SheetImport> import) const {
    const auto row = tx.row(count_logged_presses, {{"import", import}});
    return {row->integer(0), row->integer(1)};
}

std::vector<LoggedPress> Fragments::missing(Tx& tx, Id<SheetImport> import,
                                            std::optional<PageKey> after, int count_max) const {
    const PageKey from = after.value_or(PageKey{{INT64_MIN / 2}, 0});
    std::vector<LoggedPress> all;
    for (const Row& row : tx.rows(presses_without_fragment, {{"import", import},
                                                             {"after_at", from.at},
                                                             {"after_id", from.id},
                                                             {"count", count_max}}))
        all.push_back(logged_press_of(row));
    return all;
}

/// A begin that only the press told must leave the press inside: in the middle, if it does not,
/// and then no further off than the half of it.
void Fragments::put_around(Tx& tx, RecordingSession& session, Instant pressed_at,
                           Duration uncertainty) const {
    if (session.at.begin <= pressed_at && pressed_at < session.at.end) return;
    const Duration half{session.at.length().us / 2};
    ClockMap map;
    map.points = {{0, pressed_at - half}};
    map.uncertainty = uncertainty + half;
    uses_.recording.append_map(tx, session, map, "[]");
    session.at = {map.at(0), map.at(session.length_samples)};
}

void Fragments::bind(Id<RecordingSession> id) {
    store_.write([&](Tx& tx) {
        auto session = uses_.recording.find_session(Scope::system(), tx, id);
        if (!session || !session->is_fragment) return;
        const auto original = uses_.recording.original(tx, *session);
        if (!original) return;
        const Point point = uses_.sites.get_point(Scope::system(), tx, session->point_id);
        const auto named = found_in_name(original->name, point.zone);
        bool is_placed = named && named->at == original->started_at;
        for (const Row& row :
             tx.rows(presses_expecting, {{"point", session->point_id},
                                         {"fold", folded_file_name(original->name)},
                                         {"begin", original->started_at}})) {
            const auto signal = row.id<Signal>(0);
            if (!std::exchange(is_placed, true))
                put_around(tx, *session, row.instant(1), row.duration(2));
            tx.run(fragment_came, {{"signal", signal}, {"session", id}});
            uses_.clips.become_fragment(tx, signal, *session);
        }
    });
}

}  // namespace otklik
