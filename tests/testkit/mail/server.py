#!/usr/bin/env python3
"""A mail server for tests, over Debian's python3-aiosmtpd: it keeps letters as files and can be told to misbehave.

server.py FOLDER [--tls starttls|implicit|none] [--cert PEM --key PEM] [--login NAME:PASSWORD] [--port N]

Prints its port. Letters come into FOLDER/letters as NNN.eml with NNN.to beside it. FOLDER/mode, read anew for each
letter, says what to do: ok, refuse (550 to RCPT), grey (451 to the first try of a recipient), slow (no answer to RCPT),
mute (takes the text and answers nothing), full (452 to the text)."""
import argparse
import asyncio
import os
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

FOREVER = 3600


class Keeper:
    """Handler of aiosmtpd: one of its hooks per command."""

    def __init__(self, folder: str):
        self.folder, self.seen, self.count = folder, set(), 0
        os.makedirs(f"{folder}/letters", exist_ok=True)

    def mode(self) -> str:
        try:
            with open(f"{self.folder}/mode", encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return "ok"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 (names of aiosmtpd)
        mode = self.mode()
        if mode == "refuse":
            return "550 5.1.1 no such mailbox here"
        if mode == "slow":
            await asyncio.sleep(FOREVER)
        if mode == "grey" and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        mode = self.mode()
        if mode == "full":
            return "452 4.3.1 no space"
        self.count += 1
        name = f"{self.folder}/letters/{self.count:03}"
        with open(f"{name}.part", "wb") as file:
            file.write(envelope.original_content)
        with open(f"{name}.to", "w", encoding="utf-8") as file:
            file.write(f"{envelope.mail_from} {' '.join(envelope.rcpt_tos)}")
        os.rename(f"{name}.part", f"{name}.eml")
        if mode == "mute":
            await asyncio.sleep(FOREVER)
        return f"250 2.0.0 queued as T{self.count}"


def authenticator(login: str):
    name, _, password = login.partition(":")

    def check(_server, _session, _envelope, _mechanism, data):
        good = isinstance(data, LoginPassword) and data.login == name.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=False,
                          message=None if good else "535 5.7.8 authentication failed")
    return check


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", default="none")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--login", default="")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    context = None
    if given.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.cert, given.key)
    keeper = Keeper(given.folder)

    def talk() -> SMTP:
        more = {"authenticator": authenticator(given.login), "auth_required": True,
                "auth_require_tls": given.tls == "starttls"} if given.login else {}
        if given.tls == "starttls":
            more |= {"tls_context": context, "require_starttls": True}
        return SMTP(keeper, hostname="mail.test", timeout=FOREVER, **more)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(talk, "127.0.0.1", given.port,
                                      ssl=context if given.tls == "implicit" else None)
    # One write: who reads it may close its end at once.
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
