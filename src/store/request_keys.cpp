#include "store/request_keys.h"

#include <sodium.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "store/store.h"
#include "store/store_sql.h"

namespace otklik {
namespace {

constexpr std::size_t key_bytes_min = 16, key_bytes_max = 200;

/// Each use of a key has a hash of its own, so that the row's name tells nothing of the seal.
std::string hash_for(std::string_view use, const KeyedRequest& request) {
    std::string text(use);
    for (const std::string* part : {&request.actor, &request.key}) (text += '\n') += *part;
    return sha256(text);
}

Bytes row_hash(const KeyedRequest& request) {
    return {hash_for("request_key.row", request)};
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string seal(const KeyedRequest& request, std::string_view answer) {
    const std::string key = hash_for("request_key.seal", request);
    const std::string nonce = random_bytes(crypto_secretbox_NONCEBYTES);
    std::string out(answer.size() + crypto_secretbox_MACBYTES, '\0');
    crypto_secretbox_easy(reinterpret_cast<unsigned char*>(out.data()), raw(answer), answer.size(),
                          raw(nonce), raw(key));
    return nonce + out;
}

std::string unseal(const KeyedRequest& request, std::string_view sealed) {
    constexpr std::size_t head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    const std::string key = hash_for("request_key.seal", request);
    std::string out(sealed.size() < head ? 0 : sealed.size() - head, '\0');
    const std::string_view box =
        sealed.substr(std::min<std::size_t>(sealed.size(), crypto_secretbox_NONCEBYTES));
    if (sealed.size() < head ||
        crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(out.data()), raw(box),
                                   box.size(), raw(sealed), raw(key)) != 0)
        throw Error(Fault::internal, "internal").because("a kept answer cannot be opened");
    return out;
}

KeyClaim claim_again(Tx& tx, const KeyedRequest& request, std::int64_t attempt) {
    tx.run(sql::take_request_key, {{"hash", row_hash(request)},
                                   {"request_hash", Bytes{sha256(request.bytes)}},
                                   {"attempt", attempt},
                                   {"lease_until", tx.now() + request_lease},
                                   {"now", tx.now()}});
    return {KeyState::ours, attempt, {}, {}};
}

}  // namespace

void check_request_key(std::string_view key) {
    const bool visible =
        std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (!visible || key.size() < key_bytes_min || key.size() > key_bytes_max)
        throw Error(Fault::invalid, "idempotency.key").at("Idempotency-Key");
}

KeyClaim claim_request(Tx& tx, const KeyedRequest& request) {
    const std::int64_t attempt = tx.next_id();
    const auto made = tx.run(sql::add_request_key, {{"hash", row_hash(request)},
                                                    {"request_hash", Bytes{sha256(request.bytes)}},
                                                    {"attempt", attempt},
                                                    {"lease_until", tx.now() + request_lease},
                                                    {"now", tx.now()}});
    if (made == 1) return {KeyState::ours, attempt, {}, {}};
    const auto row = tx.row(sql::find_request_key, {{"hash", row_hash(request)}});
    if (!row || row->instant(3) + request_key_lives <= tx.now())
        return claim_again(tx, request, attempt);
    if (row->blob(0) != sha256(request.bytes)) return {KeyState::differs, 0, {}, {}};
    if (row->text(1) == "answered")
        return {KeyState::answered, 0, {}, unseal(request, row->blob(4))};
    // Made within the lease: its answer is about to be kept.
    if (row->instant(2) > tx.now()) return {KeyState::busy, 0, row->instant(2) - tx.now(), {}};
    if (row->text(1) == "made") return {KeyState::made, 0, {}, {}};
    return claim_again(tx, request, attempt);
}

void mark_made(Tx& tx, const KeyedRequest& request, std::int64_t attempt) {
    if (tx.run(sql::mark_request_made, {{"hash", row_hash(request)}, {"attempt", attempt}}) == 0)
        throw Error(Fault::conflict, "idempotency.busy", {{"retry_after", "1"}});
}

void keep_answer(Tx& tx, const KeyedRequest& request, std::int64_t attempt,
                 std::string_view answer) {
    tx.run(sql::keep_request_answer, {{"hash", row_hash(request)},
                                      {"attempt", attempt},
                                      {"answer", Bytes{seal(request, answer)}}});
}

void release_request(Tx& tx, const KeyedRequest& request, std::int64_t attempt) {
    tx.run(sql::release_request_key, {{"hash", row_hash(request)}, {"attempt", attempt}});
}

void forget_request_keys(Tx& tx) {
    tx.run(sql::forget_request_keys, {{"before", tx.now() - request_key_lives}});
}

}  // namespace otklik
