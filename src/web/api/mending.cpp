// Mending what fsck finds: a foreign file is put aside, a wave drawn again, a cut made again,
// minutes that are gone become a gap. What nobody can make again is left, and said.
#include <algorithm>

#include "base/json_text.h"
#include "base/log.h"
#include "base/messages.h"
#include "clips/clips.h"
#include "recording/mend.h"
#include "store/blobs.h"
#include "store/store.h"
#include "web/api/journal.h"
#include "web/api/rooms.h"
#include "web/api/tables.h"

namespace otklik {

enum class MendDone { quarantined, gap, drawn, cut_anew, left };
template <>
inline constexpr std::pair<MendDone, std::string_view> enum_words<MendDone>[5] = {
    {MendDone::quarantined, "quarantined"},
    {MendDone::gap, "gap"},
    {MendDone::drawn, "drawn"},
    {MendDone::cut_anew, "cut_anew"},
    {MendDone::left, "left"}};

namespace {

struct MendView {
    std::string what, path, kind;
    MendDone done = MendDone::left;
    std::string done_text;
    void fields(FieldSink& f) {
        f.text("what", what, {}, "missing, foreign, changed, size");
        f.text("path", path);
        f.text("kind", kind, {}, "original, track, clip, peaks; empty: foreign");
        f.choice("done", done);
        f.text("done_text", done_text, {}, "in words, and what is left to a person");
    }
};
struct MendList {
    std::vector<MendView> items;
    void fields(FieldSink& f) { f.list("items", items, 1'000'000); }
};

/// Tracks before what is made of them.
int turn_of(const std::string& kind) {
    return kind == "track" ? 0 : kind == "peaks" ? 1 : 2;
}

MendDone mend_one(Call& call, const FsckFinding& finding, const StoredFile* file) {
    Rooms& rooms = call.rooms;
    if (!file)
        return quarantine(rooms.blobs, finding.path, rooms.clock.now()) ? MendDone::quarantined
                                                                        : MendDone::left;
    Mender mender(rooms.store, rooms.blobs, rooms.recording, rooms.sites);
    if (file->kind == "track") return mender.mend_track(*file) ? MendDone::gap : MendDone::left;
    if (file->kind == "peaks") return mender.draw_anew(*file) ? MendDone::drawn : MendDone::left;
    const bool is_clip = file->kind == "clip" &&
                         rooms.store.write([&](Tx& tx) { return rooms.clips.mend(tx, *file); });
    return is_clip ? MendDone::cut_anew : MendDone::left;
}

/// A disk that is not mounted looks like files that are gone, and the files of another database
/// like foreign ones. What is taken for lost or put aside then is so for good: nothing is touched
/// once half of the files are missing, or more are foreign than known.
void require_ours(Store& store, const std::vector<FsckFinding>& findings) {
    const auto count = [&](std::string_view what) {
        return std::count_if(findings.begin(), findings.end(),
                             [&](const FsckFinding& each) { return each.what == what; });
    };
    constexpr int page = 1'000;
    std::int64_t known = 0;
    for (std::int64_t after = 0;;) {
        const auto files = store.read([&](Tx& tx) { return stored_files(tx, after, page); });
        if (files.empty()) break;
        known += static_cast<std::int64_t>(files.size());
        after = files.back().id.value;
    }
    const auto missing = count("missing"), foreign = count("foreign");
    if (missing * 2 > known || foreign > known)
        throw Error(Fault::conflict, "fsck.not_ours",
                    {{"missing", std::to_string(missing)},
                     {"foreign", std::to_string(foreign)},
                     {"known", std::to_string(known)}});
}

MendList mend_files(Call& call) {
    struct Found {
        FsckFinding finding;
        std::optional<StoredFile> file;
    };
    const auto level = call.query_integer("level", 1, 3).value_or(3);
    std::vector<Found> all;
    auto findings = fsck_files(call.rooms.store, call.rooms.blobs, static_cast<int>(level));
    require_ours(call.rooms.store, findings);
    for (FsckFinding& finding : findings) {
        auto file = call.rooms.store.read(
            [&](Tx& tx) { return call.rooms.blobs.find(tx, {finding.file_id}); });
        // Its row went meanwhile: then it is no finding any more.
        if (!file && finding.what != "foreign") continue;
        all.push_back({std::move(finding), std::move(file)});
    }
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
        return turn_of(a.file ? a.file->kind : "") < turn_of(b.file ? b.file->kind : "");
    });
    MendList list;
    for (const Found& each : all) {
        MendView view{each.finding.what,
                      each.finding.path,
                      each.file ? each.file->kind : "",
                      MendDone::left,
                      {}};
        try {
            view.done = mend_one(call, each.finding, each.file ? &*each.file : nullptr);
        } catch (const Error& error) {
            // One that cannot be mended now does not hold up the others.
            if (error.fault() == Fault::full) throw;
            log_error("fsck.not_mended", {{"path", view.path}, {"detail", error.what()}});
        }
        view.done_text = call.rooms.messages.message(
            enum_word(call.actor.language), "fsck.done." + std::string(enum_word(view.done)));
        if (view.done != MendDone::left) {
            std::string detail = "{\"path\":";
            append_json_text(detail, view.path);
            detail += ",\"done\":\"" + std::string(enum_word(view.done)) + "\"}";
            call.rooms.store.write([&](Tx& tx) {
                journal(call, tx, "fsck.mended", "company", call.company_id(),
                        call.rooms.people.root_unit(tx, call.company_id()).value, detail);
            });
        }
        list.items.push_back(std::move(view));
    }
    return list;
}

constexpr Route mending_table[] = {
    route<&mend_files>("POST", "/fsck/mend", Right::operate,
                       "Mends what fsck finds (?level=1..3, 3 by default) and says what was done "
                       "about each; a file that nobody can make again is left."),
};

}  // namespace

const std::span<const Route> mending_routes{mending_table};

}  // namespace otklik
