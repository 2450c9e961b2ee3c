#include "base/fields.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace otklik {

struct Toy {};
template <>
inline constexpr std::string_view id_prefix<Toy> = "toy";
enum class Colour { red, green, blue };
template <>
inline constexpr std::pair<Colour, std::string_view> enum_words<Colour>[3] = {
    {Colour::red, "red"}, {Colour::green, "green"}, {Colour::blue, "blue"}};

struct Wheel {
    std::int64_t spokes = 0;
    std::optional<std::string> name;
    void fields(FieldSink& f) {
        f.integer("spokes", spokes, {.min = 1, .max = 99});
        f.text("name", name, {.bytes_max = 10});
    }
};

struct Cart {
    Id<Toy> id;
    std::optional<Id<Toy>> next_id;
    std::int64_t other_id = 0;
    Instant made_at;
    Duration length;
    std::optional<Duration> pause;
    std::int64_t day = 0;
    double weight = 0;
    bool sold = false;
    Colour colour = Colour::red;
    std::optional<Colour> lining;
    Wheel spare;
    std::optional<Wheel> extra;
    std::vector<Wheel> wheels;
    std::vector<std::string> tags;
    std::vector<std::int64_t> counts;
    std::string body;
    std::string note;
    void fields(FieldSink& f) {
        f.id("id", id);
        f.id("next_id", next_id);
        f.any_id("other_id", other_id, "toy");
        f.instant("made_at", made_at, "when it was made");
        f.length_ms("length_ms", length, {.min = 0});
        f.length_ms("pause_ms", pause);
        f.day("day", day);
        f.number("weight", weight);
        f.flag("sold", sold);
        f.choice("colour", colour);
        f.choice("lining", lining);
        f.object("spare", spare);
        f.object("extra", extra);
        f.list("wheels", wheels, 3);
        f.texts("tags", tags, 2, {.bytes_max = 4});
        f.integers("counts", counts, 4);
        f.json("body", body, 40);
        f.text("note", note, {.bytes_max = 20, .may_be_empty = false});
    }
};

namespace {

Cart sample() {
    Cart cart;
    cart.id = {123456789};
    cart.made_at = {1'795'000'000'250'000};
    cart.length = Duration::ms(1500);
    cart.day = 20'777;
    cart.weight = 0.1;
    cart.sold = true;
    cart.colour = Colour::blue;
    cart.spare = {12, "a"};
    cart.wheels = {{1, {}}, {2, "b"}};
    cart.tags = {"x", "y"};
    cart.counts = {-1, 0, 9'007'199'254'740'992};
    cart.body = R"({"a":[1,2.5,null,true,"q"]})";
    cart.note = "n\"\\\n\x01\xC3\xA9";
    return cart;
}

/// The JSON of the sample with one piece replaced.
std::string with(std::string_view from, std::string_view to) {
    std::string text = to_json(sample());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " in " << text;
    return text.replace(at, from.size(), to);
}

/// "code@path" of the refusal, or "taken".
std::string refusal(const std::string& text) {
    try {
        from_json<Cart>(text);
        return "taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::invalid);
        return error.code() + "@" + error.field();
    }
}

}  // namespace

TEST(Fields, round_trip_keeps_everything) {
    const Cart cart = sample();
    const std::string text = to_json(cart);
    Cart back = from_json<Cart>(text);
    EXPECT_EQ(to_json(back), text);
    EXPECT_EQ(back.id, cart.id);
    EXPECT_EQ(back.made_at, cart.made_at);
    EXPECT_EQ(back.length, cart.length);
    EXPECT_EQ(back.weight, 0.1);
    EXPECT_EQ(back.colour, Colour::blue);
    EXPECT_EQ(back.wheels.at(1).name, "b");
    EXPECT_EQ(back.note, cart.note);
    EXPECT_EQ(back.body, cart.body);
    EXPECT_EQ(back.counts, cart.counts);
    EXPECT_FALSE(back.extra || back.next_id || back.lining || back.pause);
    EXPECT_NE(text.find(R"("next_id":null)"), std::string::npos) << text;
}

TEST(Fields, optional_parts_may_be_set_missing_or_null) {
    EXPECT_EQ(from_json<Cart>(with(R"("extra":null)", R"("extra":{"spokes":5})")).extra->spokes, 5);
    EXPECT_EQ(from_json<Cart>(with(R"("pause_ms":null)", R"("pause_ms":70)")).pause,
              Duration::ms(70));
    EXPECT_EQ(from_json<Cart>(with(R"("lining":null)", R"("lining":"green")")).lining,
              Colour::green);
    EXPECT_FALSE(from_json<Cart>(with(R"("extra":null,)", "")).extra);
    EXPECT_EQ(from_json<Cart>(with(R"("other_id":null,)", "")).other_id, 0);
    EXPECT_EQ(
        from_json<Cart>(with(R"("other_id":null)", R"("other_id":"toy_0000000000001")")).other_id,
        1);
}

TEST(Fields, every_refusal_names_its_path) {
    const std::pair<std::string, std::string> cases[] = {
        {with(R"("sold":true,)", ""), "field.missing@sold"},
        {with(R"("sold":true)", R"("sold":1)"), "field.type@sold"},
        {with(R"("sold":true)", R"("sold":null)"), "field.type@sold"},
        {with(R"("sold":true)", R"("sold":true,"solid":1)"), "field.unknown@solid"},
        {with(R"("sold":true)", R"("sold":true,"sold":true)"), "json.duplicate_key@sold"},
        {with(R"("spokes":1,)", R"("spokes":0,)"), "field.range@wheels[0].spokes"},
        {with(R"("spokes":2)", R"("spokes":2,"x":1)"), "field.unknown@wheels[1].x"},
        {with(R"("spokes":2)", R"("spokes":2.0)"), "field.type@wheels[1].spokes"},
        {with(R"("spokes":2)", R"("spokes":9223372036854775808)"), "field.range@wheels[1].spokes"},
        {with(R"("spokes":12)", R"("spokes":"12")"), "field.type@spare.spokes"},
        {with(R"("name":"b")", R"("name":"12345678901")"), "field.too_long@wheels[1].name"},
        {with(R"("colour":"blue")", R"("colour":"pink")"), "field.choice@colour"},
        {with(R"("id":"toy_)", R"("id":"boy_)"), "field.id@id"},
        {with(R"("made_at":"2)", R"("made_at":"1)"), "field.instant@made_at"},
        {with(R"("day":"2026)", R"("day":"2026-)"), "field.day@day"},
        {with(R"("tags":["x","y"])", R"("tags":["x","12345"])"), "field.too_long@tags[1]"},
        {with(R"("tags":["x","y"])", R"("tags":["x","y","z"])"), "field.too_many@tags"},
        {with(R"("tags":["x","y"])", R"("tags":["x",1])"), "field.type@tags[1]"},
        {with(R"("counts":[-1)", R"("counts":[0.5)"), "field.type@counts[0]"},
        {with(R"("wheels":[)", R"("wheels":[7,)"), "field.type@wheels[0]"},
        {with(R"("length_ms":1500)", R"("length_ms":-1)"), "field.range@length_ms"},
        {with(R"("note":"n)", R"("note":"","x":"n)"), "field.empty@note"},
        {with(R"({"a":[1)", R"({"a":[111111111111111111111)"), "field.too_long@body"},
        {with(R"("weight":0.1)", R"("weight":1e400)"), "json.number@"},
        {with(R"("weight":0.1)", R"("weight":NaN)"), "json.syntax@"},
        {with("\"note\":\"n", "\"note\":\"\\u0000n"), "json.nul@"},
        {with("\"note\":\"n", "\"note\":\"\xFFn"), "json.syntax@"},
        {with("\"note\":\"n", "\"note\":\"\\ud800n"), "json.syntax@"},
        {to_json(sample()) + " x", "json.syntax@"},
        {"\xEF\xBB\xBF" + to_json(sample()), "json.syntax@"},
        {"[]", "json.object@"},
        {"", "json.syntax@"},
        {"{", "json.syntax@"},
        {R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}", "json.too_deep@"},
        {R"({"b":{"k":1,"j":2,"k":3}})", "json.duplicate_key@k"},
    };
    for (const auto& [text, wanted] : cases) EXPECT_EQ(refusal(text), wanted) << text;
    EXPECT_EQ(refusal(to_json(sample())), "taken");
}

struct Rack {
    std::optional<std::vector<Wheel>> wheels;
    void fields(FieldSink& f) { f.list("wheels", wheels, 2); }
};

TEST(Fields, a_list_may_be_left_out) {
    EXPECT_FALSE(from_json<Rack>("{}").wheels);
    EXPECT_FALSE(from_json<Rack>(R"({"wheels":null})").wheels);
    const Rack none = from_json<Rack>(R"({"wheels":[]})");
    ASSERT_TRUE(none.wheels);
    EXPECT_TRUE(none.wheels->empty());
    const std::string one = R"({"wheels":[{"spokes":3,"name":"a"}]})";
    EXPECT_EQ(to_json(from_json<Rack>(one)), one);
    EXPECT_EQ(to_json(Rack{}), R"({"wheels":null})");
    EXPECT_THROW(from_json<Rack>(R"({"wheels":[{},{},{}]})"), Error);
    SchemaBook book;
    book.add<Rack>();
    EXPECT_NE(book.json().find(R"("wheels":{"type":["array","null"])"), std::string::npos);
    EXPECT_EQ(book.json().find(R"("required":["wheels"])"), std::string::npos);
}

TEST(Fields, schema_describes_nested_types_once) {
    SchemaBook book;
    EXPECT_EQ(book.add<Cart>(), "Cart");
    EXPECT_EQ(book.add<Cart>(), "Cart");
    const std::string text = book.json();
    EXPECT_NE(text.find(R"("spare":{"$ref":"#/components/schemas/Wheel"})"), std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("enum":["red","green","blue"])"), std::string::npos);
    EXPECT_NE(text.find(R"("description":"when it was made")"), std::string::npos);
    EXPECT_NE(text.find(R"("Wheel":{"type":"object")"), std::string::npos);
    EXPECT_NE(text.find(R"("required":["spokes"])"), std::string::npos);
    struct Any {
        std::string text;
        void fields(FieldSink& f) { f.json("value", text, 100'000); }
    };
    Any any;
    EXPECT_NO_THROW(read_json(R"({"value":)" + text + "}", [&](FieldSink& f) { any.fields(f); }));
    EXPECT_EQ(any.text, text) << "the schema is not JSON";
}

TEST(Fields, one_name_for_two_types_is_refused) {
    SchemaBook book;
    const auto text = [](FieldSink& f) {
        std::string value;
        f.text("value", value);
    };
    const auto flag = [](FieldSink& f) {
        bool value = false;
        f.flag("value", value);
    };
    EXPECT_EQ(book.add("Mark", text), "Mark");
    EXPECT_NO_THROW(book.add("Mark", text));
    EXPECT_THROW(book.add("Mark", flag), Error);
}

TEST(Fields, type_names_are_plain) {
    EXPECT_EQ(plain_type_name("otklik::PressRequest"), "PressRequest");
    EXPECT_EQ(plain_type_name("otklik::Page<otklik::Clip>"), "PageClip");
    EXPECT_EQ(plain_type_name("otklik::{anonymous}::Page<otklik::(anonymous namespace)::A, b::B>"),
              "PageAB");
}

TEST(Fields, broken_utf8_in_our_own_text_is_still_json) {
    Wheel wheel{1, "a\xFF\xC3"};
    EXPECT_EQ(to_json(wheel), "{\"spokes\":1,\"name\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\"}");
}

}  // namespace otklik
