#pragma once
// Routes: one line per endpoint: method, path, right, function, what it does. The right stands in
// the table, so it cannot be forgotten; JSON in and out and OpenAPI come from the types' field
// lists.
//
//   constexpr Route clip_routes[] = {
//       route<&show_clip>("GET", "/clips/{id}", Right::listen, "A clip with its pieces and
//       provenance."), raw_route<&clip_audio>("GET", "/clips/{id}/audio", Right::listen, "The
//       audio, by Range."),
//   };
//   ClipView show_clip(Call& call);                    // no body
//   PressReply make_press(Call& call, PressRequest& in);  // JSON body
//   Response clip_audio(Call& call);                   // anything else
// Thread: constant tables; a Call belongs to one worker.
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/fields.h"
#include "kinds/rights.h"
#include "people/people.h"
#include "web/api/list_export.h"
#include "web/http.h"

namespace otklik {

struct Rooms;  // web/api/rooms.h: every room by reference
struct Device;
struct Agent;

/// Who calls.
struct Actor {
    enum class Who { nobody, account, device, agent, console, visitor } who = Who::nobody;
    std::string word;  // for the audit journal: "account_…", "device_…", "console:root", "visitor"
    std::optional<People::SignedIn> signed_in;
    std::shared_ptr<const Device> device;  // when who == device
    std::shared_ptr<const Agent> agent;    // when who == agent
    Language language = Language::ru;
};

/// One request on its way through a handler.
class Call {
public:
    Call(Request& asked, const Scope& reader, const Actor& caller, Rooms& all)
        : request(asked), scope(reader), actor(caller), rooms(all) {}
    Request& request;
    const Scope& scope;
    const Actor& actor;
    Rooms& rooms;
    int status = 200;             // 201 where something was made
    std::vector<Header> headers;  // added to the answer: ETag, Location

    /// {id} of the path; a word of another kind or a bad digit is Error{not_found}.
    template <class T>
    Id<T> id(std::string_view name = "id") const {
        return {id_of(id_prefix<T>, name)};
    }
    /// ?name=…; absent is nothing, a bad one Error{invalid} with the field.
    template <class T>
    std::optional<Id<T>> query_id(std::string_view name) const {
        const auto v = query_id_of(id_prefix<T>, name);
        return v ? std::optional<Id<T>>(Id<T>{*v}) : std::nullopt;
    }
    std::optional<Instant> query_instant(std::string_view name) const;
    std::optional<std::int64_t> query_day(std::string_view name) const;
    std::optional<std::int64_t> query_integer(std::string_view name, std::int64_t min,
                                              std::int64_t max) const;
    template <class E>
    std::optional<E> query_choice(std::string_view name) const {
        const auto text = request.query_value(name);
        if (!text || text->empty()) return std::nullopt;
        const auto value = parse_enum<E>(*text);
        if (!value) refuse_choice(name, words_of<E>());
        return value;
    }
    /// Error{invalid, "field.choice"} that says which words are allowed: "day, point, button".
    [[noreturn]] static void refuse_choice(std::string_view name, std::string words);
    std::optional<PageKey> query_page() const;  // ?after=…
    /// If-Match: "3" against a row's version; Error{precondition, "row.changed"}; absent header:
    /// Error{precondition}.
    void require_version(std::int64_t version) const;
    void set_version(std::int64_t version);  // ETag
    Id<Account> account_id() const;          // 0 for devices and the console
    std::int64_t company_id() const;

    ListExport* file = nullptr;  // set: the rows of the answer go here

private:
    template <class E>
    static std::string words_of() {
        std::string words;
        for (const auto& [each, text] : enum_words<E>)
            words += (words.empty() ? "" : ", ") + std::string(text);
        return words;
    }
    std::int64_t id_of(std::string_view prefix, std::string_view name) const;
    std::optional<std::int64_t> query_id_of(std::string_view prefix, std::string_view name) const;
};

/// An answer without a body (204).
struct Nothing {
    void fields(FieldSink&) {}
};

struct Route {
    std::string_view method;
    std::string_view path;  // below /api/v1; "{name}" is one segment
    Right right;
    std::string_view about;
    Response (*run)(Call& call);
    std::string (*input)(SchemaBook& book);   // nullptr: no JSON body
    std::string (*output)(SchemaBook& book);  // nullptr: not JSON
    BodyRule body;
    void (*before_body)(Call& call) =
        nullptr;                  // throws what can be refused before a large body comes in
    bool (*is_list)() = nullptr;  // has the answer `items`? Then it is given as a file too
};

namespace route_detail {
template <auto F>
struct Maker;
template <class Out, class In, Out (*F)(Call&, In&)>
struct Maker<F> {
    static Response run(Call& call) {
        In in = from_json<In>(call.request.body);
        return answer<Out>(call, [&] { return F(call, in); });
    }
    static std::string input(SchemaBook& book) { return book.add<In>(); }
    static std::string output(SchemaBook& book) { return book.add<Out>(); }
    static constexpr bool has_input = true;
    using Output = Out;
    template <class O, class G>
    static Response answer(Call& call, G&& make);
};
template <class O, class G>
Response json_answer(Call& call, G&& make) {
    O out = make();
    if constexpr (std::same_as<O, Nothing>) {
        Response r = Response::empty(204);
        for (const Header& h : call.headers) r.set(h.name, h.value);
        return r;
    } else {
        if (call.file)
            call.file->next = call.file->table.add_items([&](FieldSink& f) { out.fields(f); },
                                                         ListExport::rows_max, call.file->cut);
        Response r = Response::json(call.status, call.file ? std::string() : to_json(out));
        for (const Header& h : call.headers) r.set(h.name, h.value);
        return r;
    }
}
template <class Out, class In, Out (*F)(Call&, In&)>
template <class O, class G>
Response Maker<F>::answer(Call& call, G&& make) {
    return json_answer<O>(call, make);
}
template <class Out, Out (*F)(Call&)>
struct Maker<F> {
    static Response run(Call& call) {
        return json_answer<Out>(call, [&] { return F(call); });
    }
    static std::string output(SchemaBook& book) { return book.add<Out>(); }
    static constexpr bool has_input = false;
    using Output = Out;
};
}  // namespace route_detail

template <auto F>
constexpr Route route(std::string_view method, std::string_view path, Right right,
                      std::string_view about, std::int64_t body_max = 1 << 20) {
    using M = route_detail::Maker<F>;
    Route r{method, path, right, about, &M::run, nullptr, nullptr, {body_max, false}};
    if constexpr (M::has_input) r.input = &M::input;
    if constexpr (!std::same_as<typename M::Output, Nothing>) {
        r.output = &M::output;
        r.is_list = +[] {
            typename M::Output answer{};
            return has_items([&](FieldSink& f) { answer.fields(f); });
        };
    }
    return r;
}
/// A handler that makes its own answer (audio, streams, uploads).
template <Response (*F)(Call&)>
constexpr Route raw_route(std::string_view method, std::string_view path, Right right,
                          std::string_view about, BodyRule body = {}) {
    return {method, path, right, about, F, nullptr, nullptr, body};
}

/// The tables of all rooms, in order (web/api/all.cpp).
std::span<const std::span<const Route>> all_routes();

}  // namespace otklik
