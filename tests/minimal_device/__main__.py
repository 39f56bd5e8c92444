from tests.minimal_device.serve import main

main()
