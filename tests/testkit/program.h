#pragma once
// The real program: `otklik serve` as a process of its own on folders of the test, asked over TCP
// or by its local socket, and its verbs. Thread: one; send() is safe for any.
#include <sys/types.h>

#include <string>
#include <vector>

#include "testkit/client_inside.h"

namespace otklik::testkit {

/// A folder on tmpfs that goes with the object.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

struct Ran {
    int exit_code = -1;
    std::string out, err;
};
/// Runs `otklik` with these words to its end.
Ran run_otklik(const std::vector<std::string>& words);
/// The same of another program.
Ran run_program(const std::string& program, const std::vector<std::string>& words);

class Program : public Way {
public:
    /// Starts `otklik serve --port 0` and waits for its address. Throws when it does not come.
    Program(std::string data, std::string keys, std::vector<std::string> more = {});
    ~Program() override;  // stops it
    ClientResponse send(std::string_view method, const std::string& target,
                        const std::vector<Header>& headers, const std::string& body) override;
    /// SIGTERM and wait; the exit code.
    int stop();
    const std::string& setup_code() const { return setup_code_; }
    int port() const { return port_; }
    pid_t pid() const { return pid_; }

private:
    void read_welcome(int out);

    std::string data_;
    pid_t pid_ = -1;
    int out_ = -1;
    int port_ = 0;
    std::string setup_code_;
};

}  // namespace otklik::testkit
