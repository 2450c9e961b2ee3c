#pragma once
// Field lists: one list per struct gives JSON in and out, tables and OpenAPI 3.1.
//
//   struct PressRequest { Id<Device> device_id; Instant pressed_at; std::optional<std::string>
//   note;
//                         void fields(FieldSink& f); };
//   void PressRequest::fields(FieldSink& f) {
//       f.id("device_id", device_id);
//       f.instant("pressed_at", pressed_at, "when the button went down, by the device's clock");
//       f.text("note", note, {.bytes_max = 200});
//   }
//
// A plain member is required in JSON input, an std::optional one may be missing or null (output:
// null). Reading refuses unknown fields, duplicate keys, wrong types, NUL, non-finite numbers,
// depth > 32: Error{invalid, "field.…"} with the path of the field. Thread: values; a sink belongs
// to one call.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace otklik {

class FieldSink;

template <class T>
concept HasFields = requires(T& t, FieldSink& f) { t.fields(f); };

struct TextLimits {
    std::size_t bytes_max = 1000;
    bool may_be_empty = true;
};
struct NumberLimits {
    std::int64_t min = -9'007'199'254'740'992;  // 2^53: what JavaScript holds exactly
    std::int64_t max = 9'007'199'254'740'992;
};

/// The words of an enum, specialised next to it:
/// template <> inline constexpr std::pair<ClipState, std::string_view> enum_words<ClipState>[5] =
/// {...};
template <class E>
inline constexpr std::pair<E, std::string_view> enum_words[1] = {};

template <class E>
std::string_view enum_word(E value) {
    for (const auto& [each, text] : enum_words<E>)
        if (each == value) return text;
    return "";
}
template <class E>
std::optional<E> parse_enum(std::string_view text) {
    for (const auto& [each, name] : enum_words<E>)
        if (name == text) return each;
    return std::nullopt;
}

/// What a sink knows about a field; `about` becomes the description in OpenAPI.
struct FieldHead {
    std::string_view name;
    std::string_view about;
    bool optional = false;
};

/// Visits the fields of a struct in order. One implementation reads, others write.
class FieldSink {
public:
    virtual ~FieldSink() = default;

    template <class T>
    void id(std::string_view name, Id<T>& v, std::string_view about = {}) {
        on_id({name, about}, v.value, id_prefix<T>);
    }
    template <class T>
    void id(std::string_view name, std::optional<Id<T>>& v, std::string_view about = {}) {
        maybe({name, about, true}, v,
              [&](const FieldHead& h, Id<T>& x) { on_id(h, x.value, id_prefix<T>); });
    }
    /// An id whose kind is known at run time only; 0 is written as null.
    void any_id(std::string_view name, std::int64_t& v, std::string_view prefix,
                std::string_view about = {}) {
        on_id({name, about, true}, v, prefix);
    }
    void text(std::string_view name, std::string& v, TextLimits limits = {},
              std::string_view about = {}) {
        on_text({name, about}, v, limits);
    }
    void text(std::string_view name, std::optional<std::string>& v, TextLimits limits = {},
              std::string_view about = {}) {
        maybe({name, about, true}, v,
              [&](const FieldHead& h, std::string& x) { on_text(h, x, limits); });
    }
    void integer(std::string_view name, std::int64_t& v, NumberLimits limits = {},
                 std::string_view about = {}) {
        on_integer({name, about}, v, limits);
    }
    void integer(std::string_view name, std::optional<std::int64_t>& v, NumberLimits limits = {},
                 std::string_view about = {}) {
        maybe({name, about, true}, v,
              [&](const FieldHead& h, std::int64_t& x) { on_integer(h, x, limits); });
    }
    void number(std::string_view name, double& v, std::string_view about = {}) {
        on_number({name, about}, v);
    }
    void number(std::string_view name, std::optional<double>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, double& x) { on_number(h, x); });
    }
    void flag(std::string_view name, bool& v, std::string_view about = {}) {
        on_flag({name, about}, v);
    }
    void flag(std::string_view name, std::optional<bool>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, bool& x) { on_flag(h, x); });
    }
    void instant(std::string_view name, Instant& v, std::string_view about = {}) {
        on_instant({name, about}, v);
    }
    void instant(std::string_view name, std::optional<Instant>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, Instant& x) { on_instant(h, x); });
    }
    /// A length in whole milliseconds; the name must end in _ms.
    void length_ms(std::string_view name, Duration& v, NumberLimits limits = {},
                   std::string_view about = {});
    void length_ms(std::string_view name, std::optional<Duration>& v, NumberLimits limits = {},
                   std::string_view about = {});
    /// A local date, "2026-11-20", held as days since 1970-01-01.
    void day(std::string_view name, std::int64_t& v, std::string_view about = {}) {
        on_day({name, about}, v);
    }
    void day(std::string_view name, std::optional<std::int64_t>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, std::int64_t& x) { on_day(h, x); });
    }
    template <class E>
        requires std::is_enum_v<E>
    void choice(std::string_view name, E& v, std::string_view about = {}) {
        choice_at({name, about}, v);
    }
    template <class E>
        requires std::is_enum_v<E>
    void choice(std::string_view name, std::optional<E>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, E& x) { choice_at(h, x); });
    }
    template <HasFields T>
    void object(std::string_view name, T& v, std::string_view about = {}) {
        on_object({name, about}, type_name<T>(), [&](FieldSink& f) { v.fields(f); });
    }
    template <HasFields T>
    void object(std::string_view name, std::optional<T>& v, std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, T& x) {
            on_object(h, type_name<T>(), [&](FieldSink& f) { x.fields(f); });
        });
    }
    template <HasFields T>
    void list(std::string_view name, std::vector<T>& v, std::size_t count_max = 1000,
              std::string_view about = {}) {
        on_list(
            {name, about}, type_name<T>(), v.size(), count_max, [&](std::size_t n) { v.resize(n); },
            [&](std::size_t i, FieldSink& f) {
                if (i >= v.size()) v.resize(i + 1);
                v[i].fields(f);
            });
    }
    template <HasFields T>
    void list(std::string_view name, std::optional<std::vector<T>>& v, std::size_t count_max = 1000,
              std::string_view about = {}) {
        maybe({name, about, true}, v, [&](const FieldHead& h, std::vector<T>& x) {
            on_list(
                h, type_name<T>(), x.size(), count_max, [&](std::size_t n) { x.resize(n); },
                [&](std::size_t i, FieldSink& f) {
                    if (i >= x.size()) x.resize(i + 1);
                    x[i].fields(f);
                });
        });
    }
    void texts(std::string_view name, std::vector<std::string>& v, std::size_t count_max = 1000,
               TextLimits limits = {}, std::string_view about = {}) {
        on_texts({name, about}, v, count_max, limits);
    }
    void integers(std::string_view name, std::vector<std::int64_t>& v,
                  std::size_t count_max = 100'000, std::string_view about = {}) {
        on_integers({name, about}, v, count_max);
    }
    /// Any JSON kept as text (a form's body): checked for syntax and limits only.
    void json(std::string_view name, std::string& v, std::size_t bytes_max = 100'000,
              std::string_view about = {}) {
        on_json({name, about}, v, bytes_max);
    }

protected:
    virtual bool reading() const = 0;
    /// Input: is the field there and not null? Output: never called.
    virtual bool present(const FieldHead& head) = 0;
    virtual void on_null(const FieldHead& head) = 0;
    /// Schema writers visit optional members too; then `describing` is true and present() is not
    /// asked.
    virtual bool describing() const { return false; }
    virtual void on_id(const FieldHead&, std::int64_t&, std::string_view prefix) = 0;
    virtual void on_text(const FieldHead&, std::string&, const TextLimits&) = 0;
    virtual void on_integer(const FieldHead&, std::int64_t&, const NumberLimits&) = 0;
    virtual void on_number(const FieldHead&, double&) = 0;
    virtual void on_flag(const FieldHead&, bool&) = 0;
    virtual void on_instant(const FieldHead&, Instant&) = 0;
    virtual void on_day(const FieldHead&, std::int64_t&) = 0;
    virtual void on_choice(const FieldHead&, std::string& word,
                           const std::vector<std::string_view>& words) = 0;
    virtual void on_object(const FieldHead&, std::string_view type,
                           const std::function<void(FieldSink&)>&) = 0;
    virtual void on_list(const FieldHead&, std::string_view type, std::size_t count,
                         std::size_t count_max, const std::function<void(std::size_t)>& resize,
                         const std::function<void(std::size_t, FieldSink&)>& each) = 0;
    virtual void on_texts(const FieldHead&, std::vector<std::string>&, std::size_t count_max,
                          const TextLimits&) = 0;
    virtual void on_integers(const FieldHead&, std::vector<std::int64_t>&,
                             std::size_t count_max) = 0;
    virtual void on_json(const FieldHead&, std::string&, std::size_t bytes_max) = 0;

    /// "PressRequest" for otklik::PressRequest, "PageClip" for Page<Clip>; the schema name in
    /// OpenAPI.
    template <class T>
    static std::string type_name();

private:
    template <class V, class F>
    void maybe(FieldHead head, std::optional<V>& v, F&& visit) {
        if (reading() && !describing()) {
            if (!present(head)) {
                v.reset();
                return;
            }
            v.emplace();
        } else if (describing()) {
            const bool absent = !v;
            if (absent) v.emplace();
            visit(head, *v);
            if (absent) v.reset();
            return;
        } else if (!v) {
            on_null(head);
            return;
        }
        visit(head, *v);
    }
    template <class E>
    void choice_at(const FieldHead& head, E& v) {
        std::vector<std::string_view> words;
        for (const auto& [each, text] : enum_words<E>) words.push_back(text);
        std::string text(enum_word(v));
        on_choice(head, text, words);
        if (const auto parsed = parse_enum<E>(text)) v = *parsed;
    }
};

/// Namespaces and punctuation of a C++ type name dropped: "otklik::Page<otklik::Clip>" is
/// "PageClip".
std::string plain_type_name(std::string_view pretty);

template <class T>
std::string FieldSink::type_name() {
    constexpr std::string_view pretty = __PRETTY_FUNCTION__;
    constexpr auto from = pretty.find("T = ") + 4;
    constexpr auto to = pretty.find_first_of(";]", from);
    return plain_type_name(pretty.substr(from, to - from));
}

/// Any struct with a field list behind one pointer, so that the JSON, table and OpenAPI code is
/// compiled once.
using VisitFields = std::function<void(FieldSink&)>;

std::string write_json(const VisitFields& visit);
/// "2026-11-20" for days since 1970-01-01.
std::string format_day(std::int64_t day);
/// Throws Error{invalid, "json.…"} with the path. `bytes` is the whole body.
void read_json(std::string_view bytes, const VisitFields& visit);

template <HasFields T>
std::string to_json(T& value) {
    return write_json([&](FieldSink& f) { value.fields(f); });
}
template <HasFields T>
std::string to_json(const T& value) {
    T copy = value;
    return write_json([&](FieldSink& f) { copy.fields(f); });
}
template <HasFields T>
    requires(!std::is_reference_v<T>)
std::string to_json(T&& value) {
    T copy = std::forward<T>(value);
    return write_json([&](FieldSink& f) { copy.fields(f); });
}
template <HasFields T>
T from_json(std::string_view bytes) {
    T value{};
    read_json(bytes, [&](FieldSink& f) { value.fields(f); });
    return value;
}

/// JSON schema of a field list (OpenAPI 3.1), nested types by $ref into `schemas`.
class SchemaBook {
public:
    /// Adds the type once and returns its name.
    template <HasFields T>
    std::string add() {
        T value{};
        return add(FieldSinkName<T>::get(), [&](FieldSink& f) { value.fields(f); });
    }
    std::string add(std::string_view type, const VisitFields& visit);
    /// The "schemas" object, keys sorted.
    std::string json() const;
    SchemaBook();
    ~SchemaBook();
    struct Inside;

private:
    template <class T>
    struct FieldSinkName : FieldSink {
        static std::string get() { return FieldSink::type_name<T>(); }
    };
    std::unique_ptr<Inside> inside_;
};

}  // namespace otklik
