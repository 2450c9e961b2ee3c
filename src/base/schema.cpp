#include <map>
#include <utility>

#include "base/error.h"
#include "base/fields.h"
#include "base/json_text.h"

namespace otklik {

struct SchemaBook::Inside {
    std::map<std::string, std::string, std::less<>> schemas;  // name to JSON
};

namespace {

/// `{"type":"string"` or, when it may be null, `{"type":["string","null"]`; the caller closes it.
std::string open_type(std::string_view type, bool optional) {
    std::string out = R"({"type":)";
    if (optional) out += '[';
    append_json_text(out, type);
    if (optional) out += R"(,"null"])";
    return out;
}

class SchemaSink : public FieldSink {
public:
    explicit SchemaSink(SchemaBook& book) : book_(book) {}
    std::string finish() const {
        std::string out =
            R"({"type":"object","additionalProperties":false,"properties":{)" + properties_ + "}";
        if (!required_.empty()) out += R"(,"required":[)" + required_ + "]";
        return out + "}";
    }

protected:
    bool reading() const override { return true; }
    bool describing() const override { return true; }
    bool present(const FieldHead&) override { return true; }
    void on_null(const FieldHead&) override {}
    void on_id(const FieldHead& head, std::int64_t&, std::string_view prefix) override {
        std::string type = open_type("string", head.optional) + R"(,"pattern":)";
        append_json_text(type, "^" + std::string(prefix) + "_[0-9a-hjkmnp-tv-z]{13}$");
        put(head, std::move(type));
    }
    void on_text(const FieldHead& head, std::string&, const TextLimits& limits) override {
        put(head, text_type(limits, head.optional));
    }
    void on_integer(const FieldHead& head, std::int64_t&, const NumberLimits& limits) override {
        put(head, open_type("integer", head.optional) + R"(,"format":"int64","minimum":)" +
                      std::to_string(limits.min) + R"(,"maximum":)" + std::to_string(limits.max));
    }
    void on_number(const FieldHead& head, double&) override {
        put(head, open_type("number", head.optional));
    }
    void on_flag(const FieldHead& head, bool&) override {
        put(head, open_type("boolean", head.optional));
    }
    void on_instant(const FieldHead& head, Instant&) override {
        put(head, open_type("string", head.optional) + R"(,"format":"date-time")");
    }
    void on_day(const FieldHead& head, std::int64_t&) override {
        put(head, open_type("string", head.optional) + R"(,"format":"date")");
    }
    void on_choice(const FieldHead& head, std::string&,
                   const std::vector<std::string_view>& words) override {
        std::string type = open_type("string", head.optional) + R"(,"enum":[)";
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (i > 0) type += ',';
            append_json_text(type, words[i]);
        }
        if (head.optional) type += ",null";
        put(head, type + "]");
    }
    void on_object(const FieldHead& head, std::string_view type,
                   const std::function<void(FieldSink&)>& visit) override {
        const std::string link = link_to(book_.add(type, visit));
        put(head, head.optional ? R"({"anyOf":[)" + link + R"(},{"type":"null"}])" : link);
    }
    void on_list(const FieldHead& head, std::string_view type, std::size_t, std::size_t count_max,
                 const std::function<void(std::size_t)>&,
                 const std::function<void(std::size_t, FieldSink&)>& each) override {
        const std::string name = book_.add(type, [&](FieldSink& f) { each(0, f); });
        put_array(head, link_to(name) + "}", count_max);
    }
    void on_texts(const FieldHead& head, std::vector<std::string>&, std::size_t count_max,
                  const TextLimits& limits) override {
        put_array(head, text_type(limits, false) + "}", count_max);
    }
    void on_integers(const FieldHead& head, std::vector<std::int64_t>&,
                     std::size_t count_max) override {
        put_array(head, R"({"type":"integer","format":"int64"})", count_max);
    }
    void on_json(const FieldHead& head, std::string&, std::size_t) override { put(head, "{"); }

private:
    static std::string text_type(const TextLimits& limits, bool optional) {
        std::string type = open_type("string", optional);
        if (!limits.may_be_empty) type += R"(,"minLength":1)";
        // The limit is in bytes, so it also bounds the characters.
        return type + R"(,"maxLength":)" + std::to_string(limits.bytes_max);
    }
    static std::string link_to(std::string_view name) {
        std::string link = R"({"$ref":)";
        append_json_text(link, "#/components/schemas/" + std::string(name));
        return link;
    }
    void put_array(const FieldHead& head, const std::string& items, std::size_t count_max) {
        put(head, open_type("array", head.optional) + R"(,"items":)" + items + R"(,"maxItems":)" +
                      std::to_string(count_max));
    }
    /// `type` is an object that is still open, or just "{".
    void put(const FieldHead& head, std::string type) {
        if (!head.about.empty()) {
            type += type == "{" ? R"("description":)" : R"(,"description":)";
            append_json_text(type, head.about);
        }
        if (!properties_.empty()) properties_ += ',';
        append_json_text(properties_, head.name);
        properties_ += ':' + type + '}';
        if (head.optional) return;
        if (!required_.empty()) required_ += ',';
        append_json_text(required_, head.name);
    }

    SchemaBook& book_;
    std::string properties_;
    std::string required_;
};

}  // namespace

SchemaBook::SchemaBook() : inside_(std::make_unique<Inside>()) {}
SchemaBook::~SchemaBook() = default;

std::string SchemaBook::add(std::string_view type, const VisitFields& visit) {
    const auto [at, is_new] = inside_->schemas.try_emplace(std::string(type));
    const std::string known = std::exchange(at->second, {});
    // Empty and not new: we are inside it, so a type that holds a list of itself ends here.
    if (!is_new && known.empty()) return at->first;
    SchemaSink sink(*this);
    visit(sink);
    at->second = sink.finish();
    // One name for two types would document one of them wrongly.
    if (!is_new && at->second != known)
        throw Error(Fault::internal, "internal").because("two types are called " + at->first);
    return at->first;
}

std::string SchemaBook::json() const {
    std::string out = "{";
    for (const auto& [name, schema] : inside_->schemas) {
        if (out.size() > 1) out += ',';
        append_json_text(out, name);
        out += ':' + schema;
    }
    return out + "}";
}

}  // namespace otklik
