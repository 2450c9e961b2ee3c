// Reading a field list from JSON. Boost.JSON parses; its handler here adds what its DOM forgets:
// equal keys, NUL, numbers that are not finite.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>

#include "base/calendar.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/json_text.h"

namespace otklik {
namespace {

namespace json = boost::json;
using Code = json::error_code;

constexpr std::size_t depth_max = 32;

[[noreturn]] void refuse(std::string_view code, const std::string& path, ErrorParams more = {}) {
    more.insert(more.begin(), {"field", path});
    throw Error(Fault::invalid, code, std::move(more)).at(path);
}

/// Forwards to Boost's value stack and refuses what the DOM would swallow.
class Handler {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = 1000;
    static constexpr std::size_t max_string_size = std::size_t(-1);

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t count, Code&) {
        const auto first = keys_.end() - static_cast<std::ptrdiff_t>(count);
        std::sort(first, keys_.end());
        if (const auto twin = std::adjacent_find(first, keys_.end()); twin != keys_.end())
            throw Error(Fault::invalid, "json.duplicate_key", {{"field", *twin}}).at(*twin);
        keys_.erase(first, keys_.end());
        stack_.push_object(count);
        return true;
    }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t count, Code&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(std::string_view part, std::size_t, Code&) {
        stack_.push_chars(part);
        key_ += part;
        return true;
    }
    bool on_key(std::string_view rest, std::size_t, Code&) {
        key_ += rest;
        refuse_nul(key_);
        keys_.push_back(std::move(key_));
        key_.clear();
        stack_.push_key(rest);
        return true;
    }
    bool on_string_part(std::string_view part, std::size_t, Code&) {
        refuse_nul(part);
        stack_.push_chars(part);
        return true;
    }
    bool on_string(std::string_view rest, std::size_t, Code&) {
        refuse_nul(rest);
        stack_.push_string(rest);
        return true;
    }
    bool on_number_part(std::string_view, Code&) { return true; }
    bool on_int64(std::int64_t value, std::string_view, Code&) {
        stack_.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, std::string_view, Code&) {
        stack_.push_uint64(value);
        return true;
    }
    bool on_double(double value, std::string_view, Code&) {
        if (!std::isfinite(value)) throw Error(Fault::invalid, "json.number");
        stack_.push_double(value);
        return true;
    }
    bool on_bool(bool value, Code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(Code&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(std::string_view, Code&) { return true; }
    bool on_comment(std::string_view, Code&) { return true; }

    json::value_stack& stack() { return stack_; }

private:
    static void refuse_nul(std::string_view text) {
        if (text.find('\0') != std::string_view::npos) throw Error(Fault::invalid, "json.nul");
    }

    json::value_stack stack_;
    std::string key_;
    std::vector<std::string> keys_;  // of all open objects, innermost last
};

json::value parse(std::string_view bytes) {
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<Handler> parser(options);
    parser.handler().stack().reset();
    Code failed;
    const std::size_t used = parser.write_some(false, bytes.data(), bytes.size(), failed);
    if (failed == json::error::too_deep)
        throw Error(Fault::invalid, "json.too_deep", {{"max", std::to_string(depth_max)}});
    if (failed || used < bytes.size())
        throw Error(Fault::invalid, "json.syntax", {{"offset", std::to_string(used)}})
            .because(failed ? failed.message() : "text after the end");
    return parser.handler().stack().release();
}

void append_value(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) {
        char before = '{';
        for (const auto& [key, member] : *object) {
            out += before;
            before = ',';
            append_json_text(out, key);
            out += ':';
            append_value(out, member);
        }
        out += object->empty() ? "{}" : "}";
    } else if (const auto* array = value.if_array()) {
        char before = '[';
        for (const auto& item : *array) {
            out += before;
            before = ',';
            append_value(out, item);
        }
        out += array->empty() ? "[]" : "]";
    } else if (const auto* text = value.if_string()) {
        append_json_text(out, *text);
    } else if (const auto* real = value.if_double()) {
        append_json_number(out, *real);
    } else if (value.is_bool()) {
        out += value.get_bool() ? "true" : "false";
    } else if (value.is_null()) {
        out += "null";
    } else {
        out += value.is_int64() ? std::to_string(value.get_int64())
                                : std::to_string(value.get_uint64());
    }
}

/// Reads one JSON object; refuses at the end what nobody asked for.
class Reader : public FieldSink {
public:
    Reader(const json::object& object, std::string path)
        : object_(object), path_(std::move(path)) {}

    void finish() const {
        for (const auto& [key, value] : object_)
            if (std::find(seen_.begin(), seen_.end(), std::string_view(key)) == seen_.end())
                refuse("field.unknown", path_to(key));
    }

protected:
    bool reading() const override { return true; }
    bool present(const FieldHead& head) override {
        seen_.push_back(head.name);
        const json::value* value = object_.if_contains(head.name);
        return value != nullptr && !value->is_null();
    }
    void on_null(const FieldHead&) override {}

    void on_id(const FieldHead& head, std::int64_t& v, std::string_view prefix) override {
        if (head.optional && !present(head)) {
            v = 0;
            return;
        }
        const auto id = parse_id_word(prefix, text_of(head));
        if (!id) refuse("field.id", path_to(head.name), {{"prefix", std::string(prefix)}});
        v = *id;
    }
    void on_text(const FieldHead& head, std::string& v, const TextLimits& limits) override {
        const std::string_view text = text_of(head);
        check_text(text, limits, path_to(head.name));
        v = text;
    }
    void on_integer(const FieldHead& head, std::int64_t& v, const NumberLimits& limits) override {
        v = integer_of(value_of(head), path_to(head.name));
        if (v < limits.min || v > limits.max)
            refuse("field.range", path_to(head.name),
                   {{"min", std::to_string(limits.min)}, {"max", std::to_string(limits.max)}});
    }
    void on_number(const FieldHead& head, double& v) override {
        const json::value& value = value_of(head);
        if (!value.is_number()) refuse("field.type", path_to(head.name), {{"wanted", "number"}});
        v = value.to_number<double>();
    }
    void on_flag(const FieldHead& head, bool& v) override {
        const json::value& value = value_of(head);
        if (!value.is_bool()) refuse("field.type", path_to(head.name), {{"wanted", "boolean"}});
        v = value.get_bool();
    }
    void on_instant(const FieldHead& head, Instant& v) override {
        const auto at = parse_instant(text_of(head));
        if (!at) refuse("field.instant", path_to(head.name));
        v = *at;
    }
    void on_day(const FieldHead& head, std::int64_t& v) override {
        const auto day = parse_day(text_of(head));
        if (!day) refuse("field.day", path_to(head.name));
        v = *day;
    }
    void on_choice(const FieldHead& head, std::string& word,
                   const std::vector<std::string_view>& words) override {
        const std::string_view text = text_of(head);
        if (std::find(words.begin(), words.end(), text) == words.end()) {
            std::string all;
            for (const auto each : words) all += (all.empty() ? "" : ", ") + std::string(each);
            refuse("field.choice", path_to(head.name), {{"words", all}});
        }
        word = text;
    }
    void on_object(const FieldHead& head, std::string_view,
                   const std::function<void(FieldSink&)>& visit) override {
        read_object(value_of(head), path_to(head.name), visit);
    }
    void on_list(const FieldHead& head, std::string_view, std::size_t, std::size_t count_max,
                 const std::function<void(std::size_t)>& resize,
                 const std::function<void(std::size_t, FieldSink&)>& each) override {
        const json::array& items = array_of(head, count_max);
        resize(0);  // every item starts from its defaults
        resize(items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            read_object(items[i], item_path(head, i), [&](FieldSink& f) { each(i, f); });
    }
    void on_texts(const FieldHead& head, std::vector<std::string>& v, std::size_t count_max,
                  const TextLimits& limits) override {
        const json::array& items = array_of(head, count_max);
        v.clear();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const json::string* text = items[i].if_string();
            if (!text) refuse("field.type", item_path(head, i), {{"wanted", "string"}});
            check_text(*text, limits, item_path(head, i));
            v.emplace_back(*text);
        }
    }
    void on_integers(const FieldHead& head, std::vector<std::int64_t>& v,
                     std::size_t count_max) override {
        const json::array& items = array_of(head, count_max);
        v.clear();
        for (std::size_t i = 0; i < items.size(); ++i)
            v.push_back(integer_of(items[i], item_path(head, i)));
    }
    void on_json(const FieldHead& head, std::string& v, std::size_t bytes_max) override {
        v.clear();
        append_value(v, value_of(head));
        if (v.size() > bytes_max)
            refuse("field.too_long", path_to(head.name), {{"max", std::to_string(bytes_max)}});
    }

private:
    static void read_object(const json::value& value, const std::string& path,
                            const std::function<void(FieldSink&)>& visit) {
        const json::object* object = value.if_object();
        if (!object) refuse("field.type", path, {{"wanted", "object"}});
        Reader reader(*object, path);
        visit(reader);
        reader.finish();
    }
    static void check_text(std::string_view text, const TextLimits& limits,
                           const std::string& path) {
        if (text.size() > limits.bytes_max)
            refuse("field.too_long", path, {{"max", std::to_string(limits.bytes_max)}});
        if (text.empty() && !limits.may_be_empty) refuse("field.empty", path);
    }
    static std::int64_t integer_of(const json::value& value, const std::string& path) {
        if (const auto* integer = value.if_int64()) return *integer;
        if (value.is_uint64())  // only numbers beyond 2^63 arrive so
            refuse("field.range", path, {{"max", std::to_string(NumberLimits{}.max)}});
        refuse("field.type", path, {{"wanted", "integer"}});
    }
    std::string path_to(std::string_view name) const {
        return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
    }
    std::string item_path(const FieldHead& head, std::size_t i) const {
        return path_to(head.name) + "[" + std::to_string(i) + "]";
    }
    const json::value& value_of(const FieldHead& head) {
        seen_.push_back(head.name);
        const json::value* value = object_.if_contains(head.name);
        if (!value) refuse("field.missing", path_to(head.name));
        return *value;
    }
    std::string_view text_of(const FieldHead& head) {
        const json::string* text = value_of(head).if_string();
        if (!text) refuse("field.type", path_to(head.name), {{"wanted", "string"}});
        return *text;
    }
    const json::array& array_of(const FieldHead& head, std::size_t count_max) {
        const json::array* items = value_of(head).if_array();
        if (!items) refuse("field.type", path_to(head.name), {{"wanted", "array"}});
        if (items->size() > count_max)
            refuse("field.too_many", path_to(head.name), {{"max", std::to_string(count_max)}});
        return *items;
    }

    const json::object& object_;
    std::string path_;
    std::vector<std::string_view> seen_;
};

}  // namespace

void read_json(std::string_view bytes, const VisitFields& visit) {
    const json::value value = parse(bytes);
    const json::object* object = value.if_object();
    if (!object) throw Error(Fault::invalid, "json.object");
    Reader reader(*object, "");
    visit(reader);
    reader.finish();
}

}  // namespace otklik
