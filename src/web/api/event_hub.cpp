#include "web/api/event_hub.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/id.h"
#include "base/log.h"
#include "base/thread.h"
#include "kinds/kinds.h"
#include "store/facts.h"
#include "store/store.h"

namespace otklik {
namespace {

constexpr int facts_at_once = 500;
constexpr int missed_max = 200;  // more than a page can use: it reads anew
constexpr Duration poll_every = Duration::ms(250);
constexpr Duration rights_every = Duration::seconds(5);
constexpr std::size_t streams_max = 8192;

/// A fact ready to be sent, with the place that rights are decided on.
struct Event {
    Fact fact;
    Place place;
    std::string data;
};

struct Subscriber {
    std::shared_ptr<EventStream> stream;
    Scope scope;
    EventHub::FindScope find_scope;
    Instant checked_at;
};

bool same_rights(const Scope& a, const Scope& b) {
    return a.company_id() == b.company_id() && a.role() == b.role() &&
           a.person_id() == b.person_id() && a.granted() == b.granted();
}

Event event_of(Tx& tx, const Fact& fact) {
    const std::string_view name = std::string_view(fact.kind).substr(0, fact.kind.find('.'));
    Event event{fact, {fact.company_id, fact.unit, 0}, {}};
    const Kind* kind = find_kind(name);
    if (kind && kind->place)
        if (const auto place = kind->place(tx, fact.subject)) event.place = *place;
    event.data = "{\"id\":\"" + std::to_string(fact.id) + "\",\"kind\":\"" + fact.kind +
                 "\",\"subject\":\"" + id_word(name, fact.subject) + "\",\"unit\":\"" +
                 id_word("unit", fact.unit) + "\"}";
    return event;
}

/// False when the stream is over.
bool send(const Subscriber& to, const Event& event) {
    if (!allows(to.scope, event.place)) return true;
    return to.stream->push("fact", event.data, std::to_string(event.fact.id));
}

}  // namespace

struct EventHub::Inside {
    Inside(Store& store_in, const Clock& clock_in) : store(store_in), clock(clock_in) {}

    Store& store;
    const Clock& clock;
    Guarded<std::vector<std::shared_ptr<Subscriber>>, 40> subscribers;
    std::optional<std::int64_t> cursor;  // of the following thread
    std::jthread thread;

    std::vector<std::shared_ptr<Subscriber>> all() { return *subscribers.lock(); }

    void remove(const std::vector<std::shared_ptr<Subscriber>>& over) {
        if (over.empty()) return;
        auto list = subscribers.lock();
        std::erase_if(*list, [&](const auto& each) {
            return std::find(over.begin(), over.end(), each) != over.end();
        });
    }

    void follow() {
        bool rights_changed = false;
        for (;;) {
            const auto events = store.read([&](Tx& tx) {
                std::vector<Event> read;
                // With nobody there nothing is read. Asked after the newest fact was: who came
                // meanwhile misses none.
                const std::int64_t newest = newest_fact(tx);
                if (!cursor || all().empty()) {
                    cursor = newest;
                    return read;
                }
                for (const Fact& fact : facts_after(tx, *cursor, facts_at_once))
                    read.push_back(event_of(tx, fact));
                return read;
            });
            if (events.empty()) break;
            cursor = events.back().fact.id;
            std::vector<std::shared_ptr<Subscriber>> over;
            for (const auto& each : all())
                if (!std::all_of(events.begin(), events.end(),
                                 [&](const Event& event) { return send(*each, event); }))
                    over.push_back(each);
            remove(over);
            rights_changed =
                rights_changed || std::any_of(events.begin(), events.end(), [](const Event& event) {
                    return event.fact.kind.starts_with("account.") ||
                           event.fact.kind.starts_with("unit.");
                });
        }
        check_rights(rights_changed);
    }

    void check_rights(bool all_now) {
        std::vector<std::shared_ptr<Subscriber>> over;
        const Instant now = clock.now();
        for (const auto& each : all()) {
            if (!each->stream->is_open()) {
                over.push_back(each);
                continue;
            }
            if (!each->find_scope || (!all_now && now - each->checked_at < rights_every)) continue;
            each->checked_at = now;
            const auto scope = each->find_scope();
            if (scope && same_rights(*scope, each->scope)) continue;
            each->stream->push("resync", "{}", "");
            each->stream->close();
            over.push_back(each);
        }
        remove(over);
    }

    void run(std::stop_token stop) {
        name_thread("events");
        std::uint64_t seen = 0;
        while (!stop.stop_requested()) {
            try {
                follow();
            } catch (const std::exception& error) {
                log_warning("events.failed", {{"detail", error.what()}});
                // The database is away: streams stay open, the cursor stands, the next round goes
                // on.
            }
            if (!stop.stop_requested()) seen = wait_for_fact(seen, poll_every);
        }
    }
};

EventHub::EventHub(Store& store, const Clock& clock)
    : inside_(std::make_unique<Inside>(store, clock)) {}

EventHub::~EventHub() {
    stop();
}

void EventHub::start() {
    inside_->thread =
        std::jthread([inside = inside_.get()](std::stop_token stop) { inside->run(stop); });
}

void EventHub::stop() {
    inside_->thread.request_stop();
    wake_fact_waiters();
    if (inside_->thread.joinable()) inside_->thread.join();
    for (const auto& each : inside_->all()) {
        each->stream->push("bye", "{}", "");
        each->stream->close();
    }
    inside_->subscribers.lock()->clear();
}

void EventHub::subscribe(std::shared_ptr<EventStream> stream, const Scope& scope,
                         FindScope find_scope, std::optional<std::int64_t> after) {
    auto subscriber = std::make_shared<Subscriber>(
        Subscriber{std::move(stream), scope, std::move(find_scope), inside_->clock.now()});
    bool taken = false;
    {
        auto list = inside_->subscribers.lock();
        taken = list->size() < streams_max;
        if (taken) list->push_back(subscriber);
    }
    if (!taken) return subscriber->stream->close();
    // Subscribed first, then what was missed: an event may come twice, and a page that fetches
    // twice is right twice.
    if (!after) return;
    const auto missed = inside_->store.read([&](Tx& tx) {
        std::vector<Event> read;
        for (const Fact& fact : facts_after(tx, *after, missed_max + 1))
            read.push_back(event_of(tx, fact));
        return read;
    });
    if (missed.size() > static_cast<std::size_t>(missed_max)) {
        subscriber->stream->push("resync", "{}", std::to_string(missed.back().fact.id));
        return;
    }
    for (const Event& event : missed)
        if (!send(*subscriber, event)) return;
}

void EventHub::follow_once() {
    inside_->follow();
}

}  // namespace otklik
