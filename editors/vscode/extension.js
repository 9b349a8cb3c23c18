// Starts `policydsl lsp` and lets it speak with VS Code. Everything else is in the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function settings() {
  const wanted = vscode.workspace.getConfiguration("policydsl");
  const command = wanted.get("command");
  return {
    command: Array.isArray(command) && command.length ? command : ["policydsl", "lsp"],
    lang: wanted.get("lang") || undefined,
  };
}

async function start() {
  const { command, lang } = settings();
  client = new LanguageClient(
    "policydsl",
    "policydsl",
    { command: command[0], args: command.slice(1) },
    { documentSelector: [{ language: "pol" }], initializationOptions: { lang } }
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const how = "pip install '.[lsp]'";
    vscode.window.showErrorMessage(
      `语言服务器没有启动 the language server did not start: ${command.join(" ")} (${error.message}). ${how}`
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) await running.stop();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("policydsl.restart", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("policydsl")) {
        await stop();
        await start();
      }
    })
  );
  await start();
}

module.exports = { activate, deactivate: stop };
