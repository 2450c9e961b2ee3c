#pragma once
// Links: one cut of a clip, for people without an account, until a moment. A link carries a secret
// of 192 bits of which only the hash is kept. It plays the cut that its maker saw, never a later
// and wider one, and the caller lets it open only what its maker may still hear. Owns: clip_link.
// Thread: any; the transaction is the lock.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clips/clip.h"
#include "people/people.h"

namespace otklik {

struct ClipLink {
    Id<ClipLink> id;
    std::int64_t company_id = 0;
    Id<Unit> unit;
    Id<Clip> clip_id;
    Id<ClipVersion> version_id;
    std::string note;  // for whom and what
    Id<Account> made_by;
    Instant made_at, expires_at;
    std::optional<Instant> ended_at;  // by hand
    std::int64_t opened_count = 0;
    std::optional<Instant> opened_at;
    bool holds(Instant now) const { return !ended_at && now < expires_at; }
};
template <>
inline constexpr std::string_view id_prefix<ClipLink> = "link";

/// How many of one clip may hold at once.
inline constexpr int clip_links_max = 20;

struct MadeClipLink {
    ClipLink link;
    std::string token;  // told once
};
/// Error{conflict, "link.many"} {count_max} when so many hold already.
MadeClipLink make_clip_link(Tx& tx, const Clip& clip, const ClipVersion& version,
                            Id<Account> made_by, std::string_view note, Duration length);
/// Those of a clip, the newest first, 100 at most.
std::vector<ClipLink> links_of_clip(const Scope& scope, Tx& tx, const Clip& clip);
std::optional<ClipLink> find_clip_link(const Scope& scope, Tx& tx, Id<ClipLink> id);
/// Nothing when unknown, over or ended.
std::optional<ClipLink> clip_link_of_token(Tx& tx, std::string_view token);
/// Ends it now; false: it was over already.
bool end_clip_link(Tx& tx, const ClipLink& link);
void count_opened(Tx& tx, const ClipLink& link);

}  // namespace otklik
