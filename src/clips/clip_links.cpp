#include "clips/clip_links.h"

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "clips/clips_sql.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr std::size_t token_bytes = 24, token_length_max = 100;

Bytes token_hash(std::string_view token) {
    return {sha256("clip link/1\n" + std::string(token))};
}

ClipLink link_of(const Row& row) {
    ClipLink link;
    link.id = row.id<ClipLink>(0);
    link.company_id = row.integer(1);
    link.unit = row.id<Unit>(2);
    link.clip_id = row.id<Clip>(3);
    link.version_id = row.id<ClipVersion>(4);
    link.note = row.text(5);
    link.made_by = row.id<Account>(6);
    link.made_at = row.instant(7);
    link.expires_at = row.instant(8);
    link.ended_at = row.maybe_instant(9);
    link.opened_count = row.integer(10);
    link.opened_at = row.maybe_instant(11);
    return link;
}

}  // namespace

MadeClipLink make_clip_link(Tx& tx, const Clip& clip, const ClipVersion& version,
                            Id<Account> made_by, std::string_view note, Duration length) {
    const auto holding = tx.row(clips_sql::count_links, {{"clip", clip.id}, {"at", tx.now()}});
    if (holding && holding->integer(0) >= clip_links_max)
        throw Error(Fault::conflict, "link.many", {{"count_max", std::to_string(clip_links_max)}});
    MadeClipLink made;
    made.token = base64url(random_bytes(token_bytes));
    made.link.id = tx.make_id<ClipLink>();
    made.link.company_id = clip.company_id;
    made.link.unit = clip.unit;
    made.link.clip_id = clip.id;
    made.link.version_id = version.id;
    made.link.note = note;
    made.link.made_by = made_by;
    made.link.made_at = tx.now();
    made.link.expires_at = tx.now() + length;
    tx.run(clips_sql::insert_link, {{"id", made.link.id},
                                    {"company", clip.company_id},
                                    {"unit", clip.unit},
                                    {"clip", clip.id},
                                    {"version", version.id},
                                    {"hash", token_hash(made.token)},
                                    {"note", note},
                                    {"by", made_by},
                                    {"at", made.link.made_at},
                                    {"expires", made.link.expires_at}});
    return made;
}

std::vector<ClipLink> links_of_clip(const Scope& scope, Tx& tx, const Clip& clip) {
    require(scope, {clip.company_id, clip.unit.value, clip.person_id.value});
    std::vector<ClipLink> links;
    for (const Row& row : tx.rows(clips_sql::links_of_clip, {{"clip", clip.id}}))
        links.push_back(link_of(row));
    return links;
}

std::optional<ClipLink> find_clip_link(const Scope& scope, Tx& tx, Id<ClipLink> id) {
    const auto row = tx.row(clips_sql::find_link, {{"id", id}});
    if (!row) return std::nullopt;
    ClipLink link = link_of(*row);
    if (!allows(scope, {link.company_id, link.unit.value, 0})) return std::nullopt;
    return link;
}

std::optional<ClipLink> clip_link_of_token(Tx& tx, std::string_view token) {
    if (token.empty() || token.size() > token_length_max) return std::nullopt;
    const auto row = tx.row(clips_sql::link_of_token, {{"hash", token_hash(token)}});
    if (!row) return std::nullopt;
    ClipLink link = link_of(*row);
    return link.holds(tx.now()) ? std::optional(std::move(link)) : std::nullopt;
}

bool end_clip_link(Tx& tx, const ClipLink& link) {
    return tx.run(clips_sql::end_link, {{"id", link.id}, {"at", tx.now()}}) > 0;
}

void count_opened(Tx& tx, const ClipLink& link) {
    tx.run(clips_sql::count_link, {{"id", link.id}, {"at", tx.now()}});
}

}  // namespace otklik
