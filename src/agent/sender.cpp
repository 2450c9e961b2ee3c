#include "agent/sender.h"

#include <boost/json.hpp>
#include <condition_variable>
#include <mutex>

#include "base/error.h"
#include "base/log.h"

namespace otklik {
namespace {

constexpr std::size_t batch_chunks = 60;
constexpr std::chrono::milliseconds idle_wait{200}, away_first{1'000}, away_most{30'000};

}  // namespace

Sender::Step Sender::step() {
    const auto held = ring_.oldest(at_once_);
    if (!held) return Step::idle;
    ChunkBatch batch = held->batch;
    batch.sent_at_us = clock_.now().us;
    try {
        return read_answer(send_("POST", "/api/v1/agent/chunks",
                                 {{"Authorization", "Bearer " + token_},
                                  {"Content-Type", "application/octet-stream"}},
                                 batch_bytes(batch)),
                           *held);
    } catch (const Error& error) {
        log_warning("record.away", {{"detail", error.what()}});
        return Step::away;
    }
}

Sender::Step Sender::read_answer(const ClientResponse& answer, const Ring::Held& held) {
    if (answer.status == 200) {
        const auto value = boost::json::parse(answer.body);
        std::vector<std::uint32_t> received;
        for (const auto& item : value.at("items").as_array()) {
            received.push_back(item.at("sequence").to_number<std::uint32_t>());
            if (item.at("answer") != "refused") continue;
            ++refused_;
            log_error("record.refused", {{"sequence", std::to_string(received.back())},
                                         {"answer", boost::json::serialize(item)}});
        }
        ring_.release(held.batch.incarnation, received);
        if (value.at("begin_anew").as_bool()) begin_anew_ = true;
        at_once_ = batch_chunks;
        return Step::sent;
    }
    const bool is_ours = answer.status == 400 || answer.status == 409 || answer.status == 413;
    const bool is_said_of_chunks = answer.body.find("\"chunk.") != std::string::npos ||
                                   answer.body.find("\"audio.") != std::string::npos;
    if (!is_ours || !is_said_of_chunks) {
        // Placement, basis, a token: somebody mends it, and the sound is not lost meanwhile.
        log_warning("record.not_taken",
                    {{"status", std::to_string(answer.status)}, {"answer", answer.body}});
        return Step::away;
    }
    if (held.batch.chunks.size() > 1) {
        at_once_ = 1;  // one of them spoils all: alone it is known
        return Step::sent;
    }
    give_up(held, answer.body);
    at_once_ = batch_chunks;
    return Step::sent;
}

void Sender::give_up(const Ring::Held& held, std::string_view why) {
    ++refused_;
    log_error("record.refused", {{"sequence", std::to_string(held.batch.chunks[0].sequence)},
                                 {"answer", std::string(why)}});
    ring_.release(held.batch.incarnation, {held.batch.chunks[0].sequence});
}

void Sender::run(std::stop_token stop) {
    std::mutex nobody;
    std::condition_variable_any never;  // only the stop ends its wait early
    auto wait = away_first;
    while (!stop.stop_requested()) {
        const Step step_done = step();
        if (step_done == Step::sent) {
            wait = away_first;
            continue;
        }
        std::unique_lock lock(nobody);
        never.wait_for(lock, stop, step_done == Step::idle ? idle_wait : wait,
                       [] { return false; });
        if (step_done == Step::away) wait = std::min(wait * 2, away_most);
    }
}

}  // namespace otklik
